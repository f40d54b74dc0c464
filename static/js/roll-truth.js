// What a roll says when the acts of this phone that are not yet answered are laid upon what the server said last.

// The snapshot with these acts done, in their order; neither is changed.
export function withActs(snapshot, acts) {
  const roll = { ...snapshot, outcomes: [...(snapshot.outcomes ?? [])], note: snapshot.note ?? null }
  const singers = new Map(snapshot.singers.map((singer) => [singer.id, { ...singer }]))
  for (const act of acts) {
    if (act.rehearsal_id !== snapshot.id) continue
    const singer_id = standing(snapshot, act.singer_id)
    if (act.kind === "newcomer" && !singers.has(singer_id)) singers.set(singer_id, newcomerOf(act))
    if (act.kind === "mark" && singers.has(singer_id)) mark(singers.get(singer_id), act)
    if (act.kind === "guests") Object.assign(roll, { guest_count: act.number, guests_act_id: act.id })
    if (act.kind === "done") roll.done_at = act.at
    if (act.kind === "note") roll.note = act.words
    if (act.kind === "outcome") layOutcome(roll.outcomes, act)
  }
  roll.singers = [...singers.values()]
  roll.present_count = (snapshot.elsewhere ?? 0) + roll.singers.filter(({ status }) => status === "present").length
  roll.headcount = roll.present_count + roll.guest_count
  return roll
}

// Whoever stands for a singer that was merged into another.
export const standing = (truth, singer_id) => truth.merged?.[singer_id] ?? singer_id

function mark(singer, act) {
  singer.status = act.status === "unmarked" ? null : act.status
  singer.act_id = act.id
}

export function newcomerOf(act) {
  return {
    id: act.singer_id,
    first_name: act.name,
    surname: null,
    voice_id: act.voice_id ?? null,
    is_new: true,
    is_expected: true,
    has_said: null,
    status: "present",
    act_id: act.id,
    is_fresh: true, // welcomed in this phone, so that it stands first
  }
}

function layOutcome(outcomes, act) {
  const place = outcomes.findIndex((one) => one.act_id === act.seen)
  if (place >= 0) outcomes.splice(place, 1)
  if (act.outcome) outcomes.push({ act_id: act.id, outcome: act.outcome })
}
