-- Gives a waiting conversation another skill or priority; the time it has waited counts on. ARGV: 3 when it was queued
-- (another stay in the queue is left alone, and where a person has passed it on), 4 skill, 5 priority, 6 why (JSON),
-- 7 the customer's level or ''.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if state.mode ~= 'waiting' or state.queued_at ~= ARGV[3] or state.passed then return answer({ranked = false}) end
if ARGV[7] ~= '' then redis.call('HSET', K.conversation, 'level', ARGV[7]) end
rank(state, ARGV[4], ARGV[5], ARGV[6])
return answer({ranked = true})
