-- A bot worker takes the conversation's turn: the turn ends with what is unread now, unless an earlier try of it has fixed its end
-- already. ARGV: 3 worker, 4 lease in ms, 5 the group and 6 the notice to strike off ('' for none) when there is nothing to do,
-- 7 'again' when the worker looks once more at a turn that it has begun and not run, 'unused' when it has not run one that came
-- with a notice.
local function nothing(status)
  strike_off(ARGV[5], ARGV[6])
  return answer({status = status})
end

local state = load_state()
if not state then return nothing('gone') end
if state.mode ~= 'bot' then return nothing('not_bot') end
local holder, held_until, will_be_read = holder_of_turn(state, ARGV[5], tonumber(ARGV[4]))
-- A turn that came with a notice waits for who reads that: they run it without asking.
if will_be_read and ARGV[6] ~= '' or holder and holder ~= ARGV[3] and held_until > now then
  return answer({status = 'busy'})
end
if not later(state.last_shopper, state.cursor) then
  redis.call('HDEL', K.conversation, 'turn_owner', 'turn_until')
  return nothing('idle')
end
-- One of the shopper's messages is there; it may stand behind any number of ratings and notes.
local unread, seen, entries = {}, state.cursor, nil
repeat
  entries = redis.call('XRANGE', K.log, '(' .. seen, '+', 'COUNT', 1000)
  for _, entry in ipairs(entries) do
    local fields = {}
    for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
    if fields.kind == 'message' and fields.from == 'shopper' then unread[#unread + 1] = {entry[1], fields} end
    seen = entry[1]
  end
until #unread > 0 or #entries == 0
local turn = turn_of(state, unread)
turn.status = 'yours'
local brought = state.turn_owner and state.turn_owner ~= holder
local again = brought and not holder or holder == ARGV[3] and (ARGV[7] == 'again' or ARGV[7] == 'unused' and brought)
if not again then turn.upto, turn.attempts = state.turn_upto, tonumber(state.turn_attempts or 0) end
local last = unread[#unread][1]
-- A look that finds nothing new writes nothing: each write waits for the disk.
local held = state.turn_owner == ARGV[3] and held_until > now + ARGV[4] / 2
if not (again and held and state.turn_upto == last) then
  redis.call('HSET', K.conversation, 'turn_owner', ARGV[3], 'turn_until', string.format('%d', now + ARGV[4]),
    'turn_upto', turn.upto or last)
end
if not again then redis.call('HINCRBY', K.conversation, 'turn_attempts', 1) end
return answer(turn)
