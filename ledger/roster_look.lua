-- An agent has a conversation open. KEYS: 1 who looks at it. ARGV: 1 member, 2 how many ms a look is worth,
-- 3 what the desks are told of a new one, 4 their channel. Answers everybody who looks.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local fresh = redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if fresh == 1 then redis.call('PUBLISH', ARGV[4], ARGV[3]) end
return redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[2], '+inf')
