-- Small things that move no mode. ARGV: 3 what, 4 who, then what it takes:
-- 'typing': 5 name · 'read': 5 entry id · 'rating': 5 body (JSON), 6 of whom ('bot', 'agent', or '' for who served last) ·
-- 'contact': 5 body (JSON) · 'tags': 5 tags (JSON) · 'level': 5 the customer's level.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
local what, who, value = ARGV[3], ARGV[4], ARGV[5]
if what == 'typing' then
  if who == 'shopper' then redis.call('HSET', K.conversation, 'typing_at', now) end
  wake('typing', who, value ~= '' and value or nil)
  return answer({ok = true})
end
if what == 'read' then
  local field = who .. '_read'
  local last = redis.call('XREVRANGE', K.log, '+', '-', 'COUNT', 1)[1]
  if last and later(value, last[1]) then value = last[1] end -- nobody has read what was not written yet
  if not later(value, state[field]) then return answer({ok = true}) end
  redis.call('HSET', K.conversation, field, value)
  if who == 'agent' and not later(state.last_shopper, value) then redis.call('HSET', K.conversation, 'unread', 0) end
  wake('read', who)
  return answer({ok = true})
end
if what == 'tags' then
  redis.call('HSET', K.conversation, what, value)
  if state.mode == 'closed' then record('tagged') end
  wake(what)
  return answer({ok = true})
end
-- Sent twice in a row it is one: redis-py does so after a lost connection.
local function repeated(body)
  local last = redis.call('XREVRANGE', K.log, '+', '-', 'COUNT', 1)[1]
  if not last then return false end
  local fields = {}
  for i = 1, #last[2], 2 do fields[last[2][i]] = last[2][i + 1] end
  return fields.kind == what and fields.body == body and last[1]
end
local body = value
if what == 'rating' then
  local of = ARGV[6] ~= '' and ARGV[6] or (state.served and 'agent' or 'bot')
  body = string.format('{"of":"%s",%s', of, string.sub(value, 2))
  local before = repeated(body)
  if before then return answer({ok = true, id = before}) end
  redis.call('HSET', K.conversation, 'rating', body, 'rating_' .. of, body)
  record('rated')
else
  local before = repeated(body)
  if before then return answer({ok = true, id = before}) end
  redis.call('HSET', K.conversation, 'contact', cjson.decode(body).contact)
  if state.mode == 'closed' then record('noted') end
end
local id = write(what, who, body)
keep_alive()
wake('log', who)
return answer({ok = true, id = id})
