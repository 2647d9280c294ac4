-- One more session from an address. KEYS: 1 the address's counter. ARGV: 1 the window in seconds. Answers how many by now.
-- The window begins with the first session, so that a counter always ends, however often it is asked.
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
