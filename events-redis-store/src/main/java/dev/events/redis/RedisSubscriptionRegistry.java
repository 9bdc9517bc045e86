package dev.events.redis;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.events.StartPosition;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;
import org.jspecify.annotations.Nullable;

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
		Answer stored = this.calls.run("register a subscription", Script.REGISTER, arguments(wanted, startAt, "any"));
		return new SubscriptionRecord(wanted.id(), wanted.patterns(), wanted.subscriberType(), wanted.config(),
				stored.isTrue(0), wanted.organization(), stored.string(1), wanted.partitions(),
				stored.nullableString(2));
	}

	@Override
	public boolean create(SubscriptionRecord subscription, StartPosition startAt) {
		return this.calls.run("create a subscription", Script.CREATE, arguments(subscription, startAt, "new"))
			.size() > 0;
	}

	@Override
	public boolean update(SubscriptionRecord subscription) {
		return this.calls
			.run("change a subscription", Script.REGISTER, arguments(subscription, StartPosition.HEAD, "known"))
			.size() > 0;
	}

	private static Arguments arguments(SubscriptionRecord wanted, StartPosition startAt, String which) {
		return new Arguments().add(wanted.id())
			.add(String.join(",", wanted.patterns()))
			.add(wanted.subscriberType())
			.add(wanted.config())
			.add(wanted.active())
			.addNullable(wanted.organization())
			.add(wanted.createdFrom())
			.add(wanted.partitions())
			.add((startAt == StartPosition.HEAD) ? "head" : "beginning")
			.addNullable(wanted.note())
			.add(which);
	}

	@Override
	public boolean activate(String id, boolean active, @Nullable String note) {
		return this.calls.number("switch a subscription on or off", Script.ACTIVATE,
				new Arguments().add(id).add(active).addNullable(note)) > 0;
	}

	@Override
	public boolean suspend(SubscriptionRecord seen, String note) {
		return this.calls.number("suspend a subscription", Script.SUSPEND,
				new Arguments().add(seen.id())
					.add(note)
					.add(String.join(",", seen.patterns()))
					.add(seen.subscriberType())
					.add(seen.config())
					.addNullable(seen.organization())) > 0;
	}

	@Override
	public boolean open(String id, StartPosition startAt) {
		// a subscription and its cursors are one hash, so there is none without
		return find(id).isPresent();
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
					s.isTrue(4), s.nullableString(5), s.string(6), (int) s.number(7), s.nullableString(8)))
			.sorted(Comparator.comparing(SubscriptionRecord::id))
			.toList();
	}

	@Override
	public boolean delete(String id) {
		return this.calls.number("delete a subscription", Script.UNREGISTER, new Arguments().add(id)) > 0;
	}

}
