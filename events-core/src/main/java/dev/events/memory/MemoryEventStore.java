package dev.events.memory;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.LocalWakeups;
import dev.events.store.Nodes;
import dev.events.store.OpenDelivery;
import dev.events.store.Processes;
import dev.events.store.Replays;
import dev.events.store.Schedule;
import dev.events.store.Schemas;
import dev.events.store.SubjectKeys;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.Wakeups;

/**
 * Keeps everything in the memory of this process, without bound. Takes part in no
 * transaction: an append is visible at once, so a publisher inside a transaction has to
 * append after its commit. Thread-safe.
 */
public final class MemoryEventStore implements EventStore {

	private final Clock clock;

	private final MemoryEventLog log;

	private final MemorySchedule schedule;

	private final MemorySubscriptions subscriptions;

	private final MemoryCursors cursors;

	private final MemoryDeliveries deliveries;

	private final Processes processes;

	private final MemoryNodes nodes;

	private final MemoryReplays replays;

	private final MemorySchemas schemas;

	private final SubjectKeys subjectKeys;

	private final Wakeups wakeups = new LocalWakeups();

	/** An empty store, whose time goes on evenly from that of the system's clock. */
	public MemoryEventStore() {
		this(new SteadyClock(Clock.systemUTC(), System::nanoTime));
	}

	/**
	 * An empty store.
	 * @param clock the store's time, by which leases run out and deliveries become due
	 */
	public MemoryEventStore(Clock clock) {
		StateLock lock = new StateLock();
		DeliveryTable table = new DeliveryTable();
		this.clock = clock;
		this.log = new MemoryEventLog(lock);
		this.schedule = new MemorySchedule(lock, this::now, this.log);
		ReplayTable replayTable = new ReplayTable();
		this.cursors = new MemoryCursors(lock, clock, new DeliveryChanges(table), replayTable);
		this.replays = new MemoryReplays(lock, clock, replayTable, this.cursors);
		this.deliveries = new MemoryDeliveries(lock, clock, table);
		this.subscriptions = new MemorySubscriptions(lock, this.log, this.cursors, table, replayTable);
		this.processes = new MemoryProcesses(lock, this::now, this.log, (delivery) -> isOpen(delivery, table));
		this.nodes = new MemoryNodes(lock, clock);
		this.schemas = new MemorySchemas(lock);
		this.subjectKeys = new MemorySubjectKeys(lock);
	}

	private boolean isOpen(OpenDelivery delivery, DeliveryTable table) {
		return delivery.stored()
				? this.cursors.isCurrent(delivery.lease())
						&& table.find(delivery.lease().partition().subscription(), delivery.position()) != null
				: this.cursors.isInFrontOf(delivery.lease(), delivery.position());
	}

	@Override
	public String name() {
		return "memory";
	}

	@Override
	public Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.MICROS);
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
		return this.schemas;
	}

	@Override
	public SubjectKeys subjectKeys() {
		return this.subjectKeys;
	}

	@Override
	public Wakeups wakeups() {
		return this.wakeups;
	}

}
