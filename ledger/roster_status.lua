-- Another status for an agent of the roster, if the one they have is still what the caller saw.
-- KEYS: 1 roster, ARGV: 1 username, 2 status they must have, 3 new status.
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then return 0 end
local agent = cjson.decode(row)
if agent.status ~= ARGV[2] then return 0 end
-- Spliced, not encoded: cjson would turn an empty list of skills into an object.
local changed, times = string.gsub(row, '"status":"' .. ARGV[2] .. '"', '"status":"' .. ARGV[3] .. '"', 1)
redis.call('HSET', KEYS[1], ARGV[1], changed)
return times
