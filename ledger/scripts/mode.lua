-- Changes the mode. ARGV: 3 modes it may be in (',bot,closed,'), 4 new mode, 5 by, 6 why (JSON), 7 skill, 8 priority
-- ('' keeps skill and priority), 9 the agent who must hold it ('' for any), 10 whom to offer it to first ('' for anybody).
-- 11 the change's own id for a repeated call ('' where the modes alone make it harmless).
-- In another mode nothing happens and the answer says which one it is.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
local once = ARGV[11] or ''
if once ~= '' and state.changed == once then return answer({changed = true, mode = state.mode}) end
if not string.find(ARGV[3], ',' .. state.mode .. ',', 1, true) then
  return answer({changed = false, mode = state.mode, agent = state.agent})
end
if ARGV[9] ~= '' and state.agent ~= ARGV[9] then
  return answer({changed = false, mode = state.mode, agent = state.agent})
end
-- Whoever comes out of a person's hands, or out of a queue, into a queue has waited before: the old place is kept.
local was, holder = state.mode, state.agent
local queued_at = ((was == 'human' or was == 'waiting') and state.queued_at) or now
local by_agent = ARGV[9] ~= '' and {name = state.agent_name} or nil
local id = set_mode(state, ARGV[4], ARGV[5], ARGV[6], {
  skill = ARGV[7] ~= '' and ARGV[7] or state.skill,
  priority = ARGV[8] ~= '' and ARGV[8] or state.priority,
  queued_at = queued_at,
}, by_agent)
if ARGV[4] == 'waiting' and was == 'human' and holder ~= ARGV[10] then
  redis.call('HSET', K.conversation, 'declined', holder)
end
if ARGV[4] == 'waiting' and ARGV[10] ~= '' then redis.call('HSET', K.conversation, 'prefer', ARGV[10]) end
if was == 'human' and ARGV[4] ~= 'waiting' then
  -- The bot learns of the end of a person's part, with what was agreed then, or the last time that something was.
  local why, agreed = cjson.decode(ARGV[6]), state.agreed and cjson.decode(state.agreed) or {}
  if why.summary then agreed = {summary = why.summary, by = state.agent_name, at = now, order = why.order} end
  agreed.back_at = now
  redis.call('HSET', K.conversation, 'agreed', cjson.encode(agreed))
end
if once ~= '' then redis.call('HSET', K.conversation, 'changed', once) end
keep_alive()
return answer({changed = true, mode = state.mode, id = id})
