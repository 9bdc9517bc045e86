package dev.events.test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;

import dev.events.memory.MemoryEventStore;
import dev.events.publish.PublishTransactions;
import dev.events.store.Checkpoint;
import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.DeliveryChange;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.PartitionId;
import dev.events.store.ProcessChange;
import dev.events.store.Processes;
import dev.events.store.Replays;
import dev.events.store.Schedule;
import dev.events.store.ScheduledRecord;
import dev.events.store.Schemas;
import dev.events.store.SubjectKeys;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;

/**
 * The memory store by a clock of its own, which can be emptied, lets calls fail on
 * purpose, takes part in transactions, and knows when the next delivery becomes due.
 * Thread-safe.
 */
final class TestEventStore implements EventStore {

	private final Clock clock;

	private final StoreFaults faults;

	private final PublishTransactions transactions;

	// when deliveries that have failed are tried again, and processes are due
	private final NavigableSet<Instant> due;

	// schemas and keys belong to the application, not to a test
	private final MemoryEventStore first;

	private volatile MemoryEventStore store;

	private final EventLog log = part("log", EventLog.class, () -> this.store.log());

	private final Schedule schedule = part("schedule", Schedule.class, () -> this.store.schedule());

	private final SubscriptionRegistry subscriptions = part("subscriptions", SubscriptionRegistry.class,
			() -> this.store.subscriptions());

	private final Cursors cursors = part("cursors", Cursors.class, () -> this.store.cursors());

	private final Deliveries deliveries = part("deliveries", Deliveries.class, () -> this.store.deliveries());

	private final Replays replays = part("replays", Replays.class, () -> this.store.replays());

	private final Nodes nodes = part("nodes", Nodes.class, () -> this.store.nodes());

	private final Processes processes = part("processes", Processes.class, () -> this.store.processes());

	private final SubjectKeys subjectKeys = part("subjectKeys", SubjectKeys.class, this::keys);

	TestEventStore(Clock clock, StoreFaults faults, PublishTransactions transactions) {
		this(clock, faults, transactions, new ConcurrentSkipListSet<>());
	}

	private TestEventStore(Clock clock, StoreFaults faults, PublishTransactions transactions,
			NavigableSet<Instant> due) {
		this.clock = clock;
		this.faults = faults;
		this.transactions = transactions;
		this.due = due;
		this.first = new MemoryEventStore(clock);
		this.store = this.first;
	}

	/** One for subscribers without a cursor, by the same clock, with the same faults. */
	TestEventStore ephemeral() {
		return new TestEventStore(this.clock, this.faults, this.transactions, this.due);
	}

	/** Forgets everything but schemas and keys; nothing may run meanwhile. */
	void clear() {
		this.due.clear();
		this.store = new MemoryEventStore(this.clock);
	}

	/**
	 * When the next retry, scheduled event or process is due, if that is up to a time.
	 */
	Optional<Instant> nextDue(Instant upTo) {
		Instant retry = this.due.higher(now());
		Instant next = this.store.schedule()
			.list(null, 1)
			.stream()
			.findFirst()
			.map(TestEventStore::dueAt)
			.filter((due) -> retry == null || due.isBefore(retry))
			.orElse(retry);
		return Optional.ofNullable(next).filter((due) -> !due.isAfter(upTo));
	}

	private static Instant dueAt(ScheduledRecord scheduled) {
		return scheduled.place().dueAt();
	}

	private SubjectKeys keys() {
		return this.first.subjectKeys();
	}

	private <T> T part(String name, Class<T> type, Supplier<T> target) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (arguments != null && isQuestion(arguments)) {
					return call(target.get(), name, method, arguments);
				}
				this.faults.before(name, method.getName());
				Object answer = call(target.get(), name, method, arguments);
				this.faults.after(name, method.getName());
				return answer;
			}));
	}

	/** A checkpoint that saves nothing only asks whether leases are current. */
	private static boolean isQuestion(Object[] arguments) {
		return arguments.length == 1 && arguments[0] instanceof Collection<?> all
				&& all.stream()
					.allMatch((one) -> one instanceof Checkpoint checkpoint && checkpoint.position() == 0
							&& checkpoint.changes().isEmpty() && checkpoint.replay() == null);
	}

	@SuppressWarnings("unchecked")
	private @Nullable Object call(Object target, String part, Method method, Object[] arguments) throws Throwable {
		String call = part + "." + method.getName();
		if (call.equals("cursors.checkpoint")) {
			return checkpoint((Collection<Checkpoint>) arguments[0]);
		}
		if (call.equals("cursors.claim") || call.equals("cursors.renew")) {
			// nobody else is there to respect it, and by this clock it would never end
			arguments[arguments.length - 1] = Duration.ZERO;
		}
		if (isInTransaction()) {
			switch (call) {
				case "log.append":
					return transaction().append((List<EventRecord>) arguments[0]);
				case "schedule.add":
					return transaction().add((List<EventRecord>) arguments[0], (Instant) arguments[1]);
				case "schedule.cancel":
					return transaction().cancel((UUID) arguments[0]);
				case "subjectKeys.erase":
					return transaction().erase((String) arguments[0]);
				default:
					break;
			}
		}
		try {
			Object answer = method.invoke(target, arguments);
			if (call.equals("processes.commit")) {
				remember((ProcessChange) arguments[0]);
			}
			return answer;
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private StoreTransaction transaction() {
		StoreTransaction transaction = (StoreTransaction) this.transactions.participant(this);
		if (transaction == null) {
			transaction = new StoreTransaction(this.store, keys());
			this.transactions.enlist(this, transaction);
		}
		return transaction;
	}

	private Set<PartitionId> checkpoint(Collection<Checkpoint> checkpoints) {
		if (isInTransaction()) {
			return transaction().checkpoint(checkpoints, this::remember);
		}
		Set<PartitionId> lost = this.store.cursors().checkpoint(checkpoints);
		remember(checkpoints);
		return lost;
	}

	private void remember(ProcessChange change) {
		Instant due = (change.state() != null) ? change.state().dueAt() : null;
		if (due != null) {
			this.due.add(due);
		}
	}

	private void remember(Collection<Checkpoint> checkpoints) {
		Instant now = now();
		for (Checkpoint checkpoint : checkpoints) {
			for (DeliveryChange change : checkpoint.changes()) {
				if (change instanceof DeliveryChange.Park park) {
					this.due.add(now.plus(park.retryIn()));
				}
			}
		}
	}

	@Override
	public boolean isInTransaction() {
		return this.transactions.isActive();
	}

	@Override
	public String name() {
		return "test";
	}

	@Override
	public Instant now() {
		return this.store.now();
	}

	@Override
	public EventLog log() {
		return this.log;
	}

	@Override
	public Schedule schedule() {
		return this.schedule;
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return this.subscriptions;
	}

	@Override
	public Cursors cursors() {
		return this.cursors;
	}

	@Override
	public Deliveries deliveries() {
		return this.deliveries;
	}

	@Override
	public Replays replays() {
		return this.replays;
	}

	@Override
	public Processes processes() {
		return this.processes;
	}

	@Override
	public Nodes nodes() {
		return this.nodes;
	}

	@Override
	public Schemas schemas() {
		return this.first.schemas();
	}

	@Override
	public SubjectKeys subjectKeys() {
		return this.subjectKeys;
	}

	@Override
	public Wakeups wakeups() {
		return this.first.wakeups();
	}

}
