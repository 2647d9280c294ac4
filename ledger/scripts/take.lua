-- A conversation becomes an agent's without the queue: a supervisor takes it over, or what was closed is opened again.
-- ARGV: 3 agent, 4 agent's name, 5 lease in ms, 6 rule, 7 modes it may be in, 8 'closed' at most so many ms ago ('' for ever).
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if state.mode == 'human' and state.agent == ARGV[3] then return answer({taken = true, again = true}) end
local apart = state.mode == 'bot' and not state.served -- nobody has served it: there is nothing to open again
if apart or not string.find(ARGV[7], ',' .. state.mode .. ',', 1, true) then
  return answer({taken = false, mode = state.mode, agent = state.agent})
end
if ARGV[8] ~= '' and now - tonumber(state.mode_at) > tonumber(ARGV[8]) then
  return answer({taken = false, mode = state.mode, too_late = true})
end
local why = {rule = ARGV[6], agent = ARGV[3], was_with = state.agent}
if state.mode ~= 'waiting' and state.mode ~= 'human' then
  redis.call('HSET', K.conversation, 'first_reply_at', now, 'queued_at', string.format('%d', now), 'unread', 0)
end
set_mode(state, 'human', 'agent', cjson.encode(why), nil, {id = ARGV[3], name = ARGV[4], lease_ms = tonumber(ARGV[5])})
keep_alive()
return answer({taken = true, again = false})
