-- An agent takes a waiting conversation; the first wins. ARGV: 3 agent, 4 agent's name, 5 lease in ms.
-- Whoever it is offered to has no right to it before others: a person who is quicker serves the shopper sooner.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if state.mode == 'human' and state.agent == ARGV[3] then return answer({won = true, again = true}) end
if state.mode ~= 'waiting' then return answer({won = false, mode = state.mode, agent = state.agent}) end
local waited = now - tonumber(state.queued_at)
local waits = K.waits .. state.skill
redis.call('ZADD', waits, now, cid)
redis.call('ZREMRANGEBYSCORE', waits, '-inf', now - 3600000)
redis.call('PEXPIRE', waits, 3600000)
set_mode(state, 'human', 'agent', cjson.encode({rule = 'claimed', agent = ARGV[3], waited_ms = waited}), nil,
  {id = ARGV[3], name = ARGV[4], lease_ms = tonumber(ARGV[5])})
keep_alive()
return answer({won = true, again = false, waited_ms = waited})
