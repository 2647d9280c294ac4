-- A bot worker takes the conversation's turn: the turn ends with what is unread now, unless an earlier try of it has fixed its end
-- already. ARGV: 3 worker, 4 lease in ms, 5 the group and 6 the notice to strike off ('' for none) when there is nothing to do,
-- 7 '1' when the worker only looks again at a turn that it has begun and not run.
local function nothing(status)
  strike_off(ARGV[5], ARGV[6])
  return answer({status = status})
end

local state = load_state()
if not state then return nothing('gone') end
if state.mode ~= 'bot' then return nothing('not_bot') end
if state.turn_owner and state.turn_owner ~= ARGV[3] and tonumber(state.turn_until) > now then
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
local again = ARGV[7] == '1'
local upto = not again and state.turn_upto or nil
local last = unread[#unread][1]
-- A look that finds nothing new writes nothing: each write waits for the disk.
local held = state.turn_owner == ARGV[3] and tonumber(state.turn_until) > now + ARGV[4] / 2
if not (again and held and state.turn_upto == last) then
  redis.call('HSET', K.conversation, 'turn_owner', ARGV[3], 'turn_until', string.format('%d', now + ARGV[4]),
    'turn_upto', upto or last)
end
if not again then redis.call('HINCRBY', K.conversation, 'turn_attempts', 1) end
return answer({status = 'yours', cursor = state.cursor, unread = unread, lang = state.lang, customer = state.customer,
  customer_name = state.customer_name, typing_at = tonumber(state.typing_at or 0), now = now,
  agreed = state.agreed, memory = state.committed or '', upto = upto, attempts = again and 0 or tonumber(state.turn_attempts or 0)})
