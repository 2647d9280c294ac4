-- The bot speaks: replies, tracker events, cursor and a handoff in one step, and only if the turn still is the worker's,
-- the mode still is 'bot' and nobody moved the cursor. ARGV: 3 worker, 4 cursor, 5 upto, 6 replies (JSON array of
-- {body, choices = {id -> JSON}}), 7 events (JSON or ''), 8 '1' when the events before are done with, 9 handoff (JSON or ''),
-- 10 the turn's id for a repeated call, 11 the group and 12 the notice to strike off ('' for none) when nothing is left unread.
local function done(more)
  if not more then strike_off(ARGV[11], ARGV[12]) end
  return answer({status = 'done', more = more})
end

local state = load_state()
if not state then return answer({status = 'gone'}) end
if state.committed == ARGV[10] then return done(state.mode == 'bot' and later(state.last_shopper, state.cursor)) end
if state.mode ~= 'bot' or state.cursor ~= ARGV[4] or holder_of_turn(state, ARGV[11], 0) ~= ARGV[3] then
  return answer({status = 'lost', mode = state.mode})
end

for _, reply in ipairs(cjson.decode(ARGV[6])) do
  write('message', 'bot', reply.body)
  for id, choice in pairs(reply.choices) do redis.call('HSET', K.choices, id, choice) end
end
redis.call('HSET', K.conversation, 'cursor', ARGV[5], 'committed', ARGV[10])
redis.call('HDEL', K.conversation, 'turn_upto', 'turn_attempts')
if ARGV[7] ~= '' then
  local id = redis.call('XADD', K.events, '*', 'events', ARGV[7])
  if ARGV[8] == '1' then redis.call('XTRIM', K.events, 'MINID', id) end
end

local more = later(state.last_shopper, ARGV[5])
if ARGV[9] ~= '' then
  local handoff = cjson.decode(ARGV[9])
  set_mode(state, 'waiting', 'bot', ARGV[9], {skill = handoff.skill, priority = handoff.priority, queued_at = now})
  more = false
elseif not more then
  redis.call('HDEL', K.conversation, 'turn_owner', 'turn_until')
end
keep_alive()
wake('log', 'bot')
return done(more)
