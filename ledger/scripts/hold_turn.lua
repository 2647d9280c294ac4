-- Counts one more try of a turn and fixes where it ends (ARGV[5] = entry id), or only renews the lease (ARGV[5] = '').
-- ARGV: 3 worker, 4 lease in ms, 6 the group. Answers whether the turn is still this worker's.
local state = load_state()
if not state or state.mode ~= 'bot' or holder_of_turn(state, ARGV[6], tonumber(ARGV[4])) ~= ARGV[3] then
  return answer({held = false})
end
redis.call('HSET', K.conversation, 'turn_owner', ARGV[3], 'turn_until', string.format('%d', now + ARGV[4]))
if ARGV[5] ~= '' then
  redis.call('HSET', K.conversation, 'turn_upto', ARGV[5])
  redis.call('HINCRBY', K.conversation, 'turn_attempts', 1)
end
return answer({held = true})
