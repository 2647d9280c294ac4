-- An offer is over. ARGV: 3 the agent who declines it, or '' when its time must have run out; 4 why.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
local over = state.mode == 'waiting' and state.offered_to and
  ((ARGV[3] ~= '' and state.offered_to == ARGV[3]) or (ARGV[3] == '' and tonumber(state.offer_until) <= now))
if not over then return answer({over = false}) end
local declined = state.declined and (state.declined .. ',' .. state.offered_to) or state.offered_to
redis.call('HDEL', K.conversation, 'offered_to', 'offered_name', 'offer_until', 'offer_why')
redis.call('HSET', K.conversation, 'declined', declined, 'declined_at', now)
write('offer', 'system', cjson.encode({agent = state.offered_to, over = ARGV[4]}), {name = state.offered_name})
wake('offer')
return answer({over = true, agent = state.offered_to})
