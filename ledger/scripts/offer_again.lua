-- Everybody has had the chance: the conversation may be offered to all again.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if state.mode ~= 'waiting' or not state.declined then return answer({ok = false}) end
redis.call('HDEL', K.conversation, 'declined')
wake('offer')
return answer({ok = true})
