-- Offers a waiting conversation to an agent, one at a time. ARGV: 3 agent, 4 name, 5 ms to accept in, 6 why (JSON).
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if state.mode ~= 'waiting' or (state.offered_to and tonumber(state.offer_until) > now) then
  return answer({offered = false, mode = state.mode, to = state.offered_to})
end
local until_ms = string.format('%d', now + ARGV[5])
redis.call('HSET', K.conversation, 'offered_to', ARGV[3], 'offered_name', ARGV[4], 'offer_until', until_ms, 'offer_why', ARGV[6])
write('offer', 'system', string.format('{"agent":%s,"accept_by":%s,"why":%s}', cjson.encode(ARGV[3]), until_ms, ARGV[6]),
  {name = ARGV[4]})
wake('offer')
return answer({offered = true, accept_by = tonumber(until_ms)})
