-- Puts something into the log once: a clock's warning, that nobody is on duty. ARGV: 3 modes it must be in, 4 kind, 5 body
-- (JSON), 6 field that remembers it, 7 its value ('' takes the field away; with that already so, nothing happens),
-- 8 value that the field must have had ('*' for any).
local state = load_state()
if not state then return answer({error = 'not_found'}) end
local had = state[ARGV[6]] or ''
if not string.find(ARGV[3], ',' .. state.mode .. ',', 1, true) or had == ARGV[7] or (ARGV[8] ~= '*' and had ~= ARGV[8]) then
  return answer({noted = false})
end
if ARGV[7] == '' then
  redis.call('HDEL', K.conversation, ARGV[6])
else
  redis.call('HSET', K.conversation, ARGV[6], ARGV[7])
end
write(ARGV[4], 'system', ARGV[5])
keep_alive()
wake('queue')
wake('log', 'system')
return answer({noted = true})
