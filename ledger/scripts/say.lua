-- An agent writes into a conversation. ARGV: 3 agent, 4 mid, 5 kind (message or note), 6 body (JSON), 7 name.
-- A note needs no claim: supervisors and colleagues may leave one.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
local mark = 'agent:' .. ARGV[3] .. ':' .. ARGV[4]
local stored = redis.call('HGET', K.mids, mark)
if stored then return answer({id = stored, duplicate = true}) end
local spoken = ARGV[5] == 'message'
if spoken and (state.mode ~= 'human' or state.agent ~= ARGV[3]) then
  return answer({error = 'not_yours'})
end
local id = write(ARGV[5], 'agent', ARGV[6], {mid = ARGV[4], name = ARGV[7]})
redis.call('HSET', K.mids, mark, id)
if spoken then
  remember_said('agent', ARGV[6])
  redis.call('HSET', K.conversation, 'unread', 0)
  redis.call('HSETNX', K.conversation, 'first_reply_at', now)
  redis.call('HDEL', K.conversation, 'round_since', 'clock_round')
end
if state.mode == 'closed' then record('noted') end -- the archive has it by then
keep_alive()
wake('log', 'agent', ARGV[7])
return answer({id = id, duplicate = false})
