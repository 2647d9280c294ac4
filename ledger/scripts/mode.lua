-- Changes the mode. ARGV: 3 modes it may be in (',bot,closed,'), 4 new mode, 5 by, 6 why (JSON), 7 skill, 8 priority,
-- 9 the agent who must hold it ('' for any). In another mode nothing happens and the answer says which one it is.
local state = load_state()
if not state then return answer({error = 'not_found'}) end
if not string.find(ARGV[3], ',' .. state.mode .. ',', 1, true) then
  return answer({changed = false, mode = state.mode, agent = state.agent})
end
if ARGV[9] ~= '' and state.agent ~= ARGV[9] then
  return answer({changed = false, mode = state.mode, agent = state.agent})
end
-- Whoever comes out of a person's hands into the queue again has waited before: the old place is kept.
local queued_at = (state.mode == 'human' and state.queued_at) or now
local by_agent = ARGV[9] ~= '' and {name = state.agent_name} or nil
local id = set_mode(state, ARGV[4], ARGV[5], ARGV[6],
  {skill = ARGV[7], priority = ARGV[8], queued_at = queued_at}, by_agent)
keep_alive()
return answer({changed = true, mode = state.mode, id = id})
