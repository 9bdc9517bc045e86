package dev.events.redis;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.events.StartPosition;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;

/**
 * Subscriptions as hashes, each together with its cursors.
 */
final class RedisSubscriptionRegistry implements SubscriptionRegistry {

	private final RedisCalls calls;

	RedisSubscriptionRegistry(RedisCalls calls) {
		this.calls = calls;
	}

	@Override
	public SubscriptionRecord register(SubscriptionRecord wanted, StartPosition startAt) {
		Arguments arguments = new Arguments().add(wanted.id())
			.add(String.join(",", wanted.patterns()))
			.add(wanted.subscriberType())
			.add(wanted.config())
			.add(wanted.active())
			.addNullable(wanted.organization())
			.add(wanted.createdFrom())
			.add(wanted.partitions())
			.add((startAt == StartPosition.HEAD) ? "head" : "beginning");
		Answer stored = this.calls.run("register a subscription", Script.REGISTER, arguments);
		return new SubscriptionRecord(wanted.id(), wanted.patterns(), wanted.subscriberType(), wanted.config(),
				stored.isTrue(0), wanted.organization(), stored.string(1), wanted.partitions());
	}

	@Override
	public List<SubscriptionRecord> list() {
		return read(new Arguments());
	}

	@Override
	public Optional<SubscriptionRecord> find(String id) {
		return read(new Arguments().add(id)).stream().findFirst();
	}

	private List<SubscriptionRecord> read(Arguments ids) {
		return this.calls.run("read subscriptions", Script.SUBSCRIPTIONS, ids)
			.lists()
			.stream()
			.map((s) -> new SubscriptionRecord(s.string(0), List.of(s.string(1).split(",")), s.string(2), s.string(3),
					s.isTrue(4), s.nullableString(5), s.string(6), (int) s.number(7)))
			.sorted(Comparator.comparing(SubscriptionRecord::id))
			.toList();
	}

	@Override
	public boolean delete(String id) {
		return this.calls.number("delete a subscription", Script.UNREGISTER, new Arguments().add(id)) > 0;
	}

}
