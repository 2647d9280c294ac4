-- Renews an agent's hold on a conversation (ARGV[3] = agent, ARGV[4] = lease in ms), or takes an expired one back into the
-- queue at its old place and priority (ARGV[3] = '').
local state = load_state()
if not state then
  redis.call('ZREM', K.leases, cid)
  return answer({error = 'not_found'})
end
if ARGV[3] ~= '' then
  local held = state.mode == 'human' and state.agent == ARGV[3]
  if held then redis.call('ZADD', K.leases, now + ARGV[4], cid) end
  return answer({held = held})
end
local ends = tonumber(redis.call('ZSCORE', K.leases, cid) or 'inf')
if state.mode ~= 'human' or ends > now then return answer({returned = false}) end
local vanished = state.agent
set_mode(state, 'waiting', 'system', cjson.encode({rule = 'agent_vanished', agent = state.agent, skill = state.skill, priority = tonumber(state.priority)}),
  {skill = state.skill, priority = state.priority, queued_at = state.queued_at})
redis.call('HSET', K.conversation, 'declined', vanished) -- not offered to them first
keep_alive()
return answer({returned = true})
