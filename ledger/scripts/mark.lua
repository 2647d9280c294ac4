-- Small things that move no mode. ARGV: 3 'typing' or 'rating', 4 who, 5 body (JSON) of a rating.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if ARGV[3] == 'typing' then
  if ARGV[4] == 'shopper' then redis.call('HSET', K.conversation, 'typing_at', now) end
  wake('typing', ARGV[4])
  return answer({ok = true})
end
local id = write('rating', ARGV[4], ARGV[5])
redis.call('HSET', K.conversation, 'rating', ARGV[5])
keep_alive()
wake('log', ARGV[4])
return answer({ok = true, id = id})
