package dev.events.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import dev.events.ReplayInfo.State;
import dev.events.store.ReplayRecord;
import dev.events.store.Replays;

/**
 * Replays as hashes; how they are found is said in {@code replay.lua}.
 */
final class RedisReplays implements Replays {

	// so many at a time that others do not wait for long
	private static final int PAGE = 100;

	private final RedisCalls calls;

	RedisReplays(RedisCalls calls) {
		this.calls = calls;
	}

	@Override
	public boolean create(ReplayRecord replay) {
		Arguments arguments = new Arguments().add(replay.id())
			.add(replay.subscription())
			.add(!replay.state().isFinal())
			.add(KEPT);
		ReplayFields.add(arguments, replay);
		return this.calls.number("create a replay", Script.REPLAY_CREATE, arguments) > 0;
	}

	@Override
	public List<ReplayRecord> list() {
		List<ReplayRecord> found = new ArrayList<>();
		String before = "+inf";
		Answer page;
		do {
			Answer answer = this.calls.run("read replays", Script.REPLAYS,
					new Arguments().add("list").add(before).add(PAGE));
			found.addAll(records(answer));
			page = answer.list(1);
			if (page.size() > 0) {
				before = page.list(page.size() - 1).string(1);
			}
		}
		while (page.size() == PAGE);
		return found;
	}

	@Override
	public Optional<ReplayRecord> find(UUID id) {
		return records(this.calls.run("read a replay", Script.REPLAYS, new Arguments().add("find").add(id))).stream()
			.findFirst();
	}

	@Override
	public List<ReplayRecord> active() {
		return records(this.calls.run("read replays", Script.REPLAYS, new Arguments().add("active")));
	}

	private static List<ReplayRecord> records(Answer answer) {
		return answer.list(1)
			.lists()
			.stream()
			.map((replay) -> ReplayFields.record(replay.string(0), replay.list(2), answer.instant(0)))
			.toList();
	}

	@Override
	public boolean change(UUID id, Set<State> from, State to) {
		Arguments arguments = new Arguments().add(id).add(to.name()).add(!to.isFinal());
		from.forEach((state) -> arguments.add(state.name()));
		return this.calls.number("change a replay", Script.REPLAY_CHANGE, arguments) > 0;
	}

	@Override
	public boolean rewind(String subscription, long position) {
		return move("rewind", subscription, position);
	}

	@Override
	public boolean fastForward(String subscription, long position) {
		return move("forward", subscription, position);
	}

	private boolean move(String direction, String subscription, long position) {
		return this.calls.number("move a subscription", Script.CURSORS_MOVE,
				new Arguments().add(subscription).add(position).add(direction)) > 0;
	}

}
