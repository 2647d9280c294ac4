-- Offers a waiting conversation to an agent, one at a time, and gives it its place first where the desk's rules have not done so.
-- ARGV: 3 agent, 4 name, 5 ms to accept in, 6 why (JSON); of that place, as in rank.lua, 7 when it was queued, 8 skill, 9 priority
-- and 10 why (JSON), all of them '' where it has one.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if state.mode ~= 'waiting' or (state.offered_to and tonumber(state.offer_until) > now) then
  return answer({offered = false, mode = state.mode, to = state.offered_to})
end
local moved = state.queued_at == ARGV[7] and not state.passed and not state.prioritised
if moved then rank(state, ARGV[8], ARGV[9], ARGV[10]) end
local until_ms = string.format('%d', now + ARGV[5])
redis.call('HSET', K.conversation, 'offered_to', ARGV[3], 'offered_name', ARGV[4], 'offer_until', until_ms, 'offer_why', ARGV[6])
write('offer', 'system', string.format('{"agent":%s,"accept_by":%s,"why":%s}', cjson.encode(ARGV[3]), until_ms, ARGV[6]),
  {name = ARGV[4]})
if not moved then wake('offer') end
return answer({offered = true, accept_by = tonumber(until_ms), state = load_state()})
