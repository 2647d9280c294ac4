-- A message of the shopper. ARGV: 3 mid, 4 body (JSON; '' when a choice), 5 choice, 6 messages allowed, 7 in how many ms.
local state = load_state()
if not state then return answer({error = 'not_found'}) end

local mid, body, choice = ARGV[3], ARGV[4], ARGV[5]
local stored = redis.call('HGET', K.mids, mid)
if stored then return answer({id = stored, duplicate = true, mode = state.mode}) end

local started, count = tonumber(state.rate_start or 0), tonumber(state.rate_count or 0)
if now - started >= tonumber(ARGV[7]) then started, count = now, 0 end
if count >= tonumber(ARGV[6]) then return answer({error = 'rate_limited'}) end

local optional = {mid = mid}
if choice ~= '' then
  local offered = redis.call('HGET', K.choices, choice)
  if not offered then return answer({error = 'unknown_choice'}) end
  offered = cjson.decode(offered)
  body = cjson.encode({text = offered.label, choice = choice})
  optional.payload = offered.payload
end
redis.call('HSET', K.conversation, 'rate_start', string.format('%d', started), 'rate_count', count + 1)

local nothing_unread = state.mode == 'bot' and not state.turn_owner and not later(state.last_shopper, state.cursor)
if state.mode == 'closed' then set_mode(state, 'bot', 'shopper', '{"rule":"returned"}') end
local id = write('message', 'shopper', body, optional)
redis.call('HSET', K.mids, mid, id)
redis.call('HSET', K.conversation, 'last_shopper', id, 'typing_at', 0)
state.typing_at = 0
if state.mode == 'waiting' or state.mode == 'human' then remember_said('shopper', body, true) end
-- A round begins with the first thing that is not answered; until the first reply the clock of the first response runs.
if state.mode == 'human' and state.first_reply_at and not state.round_since then
  redis.call('HSET', K.conversation, 'round_since', now)
end
-- A notice that nobody reads goes when its conversation has gone: it may tell what was said.
local function tell_workers(...)
  return redis.call('XADD', K.turns, 'MINID', string.format('%d', now - ttl), '*', 'cid', cid, ...)
end
if nothing_unread then
  -- The turn comes with its notice: whoever reads that need not ask for it, which would be a write of its own.
  local notice = tell_workers('turn', cjson.encode(turn_of(state, {written[#written]})))
  -- `turn_until` is for workers of an earlier version, which an upgrade may leave at work for a while: to them it is over.
  redis.call('HSET', K.conversation, 'turn_owner', 'notice ' .. notice, 'turn_until', 0, 'turn_upto', id, 'turn_attempts', 1)
elseif state.mode == 'bot' then
  tell_workers()
end
keep_alive()
wake('log', 'shopper')
return answer({id = id, duplicate = false, mode = state.mode})
