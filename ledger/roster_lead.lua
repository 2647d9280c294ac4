-- Which desk leads. KEYS: 1 the leader, ARGV: 1 the desk that wants to, 2 for how many ms. Answers 1 when it does, or does so still.
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
