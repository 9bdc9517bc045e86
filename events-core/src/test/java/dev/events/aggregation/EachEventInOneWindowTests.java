package dev.events.aggregation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.StartPosition;
import dev.events.memory.MemoryEventStore;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryOverException;
import dev.events.store.EventRecord;
import dev.events.store.ForwardingProcesses;
import dev.events.store.ForwardingStore;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.Processes;
import dev.events.store.StoredEvent;
import dev.events.store.SubscriptionRecord;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever happens in whichever order, each event is in one window, and each window is
 * published once: events of a key come through several partitions and nodes, nodes die
 * between a commit and the checkpoint, answers of the store are lost, deliveries are
 * parked and become dead letters although their events were added, two do the same at the
 * same time, a node falls asleep in the middle and wakes up when all is over, time
 * passes. Of what is over nothing is left in the store.
 */
class EachEventInOneWindowTests {

	private static final int PARTITIONS = 2;

	private static final int MAX_EVENTS = 7;

	private static long redelivered;

	private static long conflicts;

	private static long forgotten;

	private static long addedAndParked;

	private static long overslept;

	@Property(tries = 150)
	void eachEventIsInOneWindow(@ForAll long seed, @ForAll boolean debounce) throws Exception {
		Run run = new Run(new Random(seed), debounce);
		for (int i = 0; i < 150; i++) {
			run.step();
		}
		run.finish();
		run.verify();
	}

	@AfterContainer
	static void theInterestingThingsHaveHappened() {
		assertThat(redelivered).as("redelivered").isGreaterThan(300);
		assertThat(conflicts).as("conflicts").isGreaterThan(100);
		assertThat(forgotten).as("forgotten").isGreaterThan(100);
		assertThat(addedAndParked).as("added and parked").isGreaterThan(100);
		assertThat(overslept).as("overslept").isGreaterThan(50);
	}

	/** What a window gathers. */
	record Numbers(List<Integer> numbers) {

		Numbers with(int number) {
			List<Integer> all = new ArrayList<>(this.numbers);
			all.add(number);
			return new Numbers(all);
		}

	}

	/** What the owner of a partition knows, and what the store does. */
	private static final class Partition {

		private final PartitionId id;

		private final List<StoredEvent> events = new ArrayList<>();

		// in the store, by position
		private final Map<Long, StoredEvent> parked = new TreeMap<>();

		// not saved yet, by position
		private final Map<Long, DeliveryChange> changes = new TreeMap<>();

		private int saved;

		private int handled;

		private Lease lease;

		Partition(Lease lease) {
			this.id = lease.partition();
			this.lease = lease;
		}

		/** Whoever goes on knows what the store knows. */
		void loseWhatIsNotSaved() {
			redelivered += this.handled - this.saved;
			this.handled = this.saved;
			this.changes.clear();
		}

		void save(MemoryEventStore store) {
			long position = (this.handled == this.events.size()) ? store.log().head()
					: this.events.get(this.handled).position() - 1;
			AggregationNode.save(store, this.lease, position, this.changes.values().toArray(DeliveryChange[]::new));
			this.saved = this.handled;
			this.changes.forEach((at, change) -> {
				if (change instanceof DeliveryChange.Complete) {
					this.parked.remove(at);
				}
				else {
					this.events.stream()
						.filter((event) -> event.position() == at)
						.forEach((event) -> this.parked.put(at, event));
				}
			});
			this.changes.clear();
		}

	}

	private static final class Run {

		private final Random random;

		private final ManualClock clock = new ManualClock();

		private final MemoryEventStore store = new MemoryEventStore(this.clock);

		private final List<AggregationNode> nodes = new ArrayList<>();

		private final List<Partition> partitions;

		private final Map<String, List<Integer>> published = new TreeMap<>();

		private int number;

		// of who is in the middle of a commit
		private int depth;

		Run(Random random, boolean debounce) {
			this.random = random;
			Aggregation.Timing<Number> timing = Aggregation.named("numbers").on(Number.class, "number");
			Aggregation<?, ?> aggregation = (debounce ? timing.debounce(Duration.ofSeconds(2), Duration.ofSeconds(6))
					: timing.tumbling(Duration.ofSeconds(4)))
				.into(Numbers.class, () -> new Numbers(List.of()),
						(numbers, event) -> numbers.with(event.data().intValue()))
				.maxEvents(MAX_EVENTS)
				.maxBytes(60)
				.publishAs("numbers", (numbers, window) -> numbers);
			for (int i = 0; i < 2; i++) {
				this.nodes.add(new AggregationNode(new DisturbedStore(this), this.clock::nanoTime, aggregation));
			}
			this.store.subscriptions()
				.register(new SubscriptionRecord(aggregation.subscription(), List.of("number"), "method", "{}", true,
						null, "code", PARTITIONS), StartPosition.BEGINNING);
			List<PartitionId> ids = IntStream.range(0, PARTITIONS)
				.mapToObj((partition) -> new PartitionId(aggregation.subscription(), partition))
				.toList();
			this.partitions = ids.stream().map(this::claim).map(Partition::new).toList();
		}

		private AggregationNode node() {
			return this.nodes.get(this.random.nextInt(this.nodes.size()));
		}

		private Partition partition() {
			return this.partitions.get(this.random.nextInt(PARTITIONS));
		}

		void step() throws Exception {
			switch (this.random.nextInt(12)) {
				case 0, 1 -> publish(1 + this.random.nextInt(4));
				case 2, 3, 4 -> deliver(partition(), 1 + this.random.nextInt(5));
				case 5 -> partition().loseWhatIsNotSaved();
				case 6 -> partition().save(this.store);
				case 7 -> retry(partition());
				case 8 -> takeOver(partition());
				case 9 -> this.clock.advance(Duration.ofMillis(this.random.nextInt(3000)));
				default -> sweep();
			}
		}

		private void publish(int count) {
			for (int i = 0; i < count; i++) {
				String key = "k" + this.random.nextInt(2);
				int number = this.number++;
				Event<Integer> event = Event.of("number", number);
				EventRecord record = new EventRecord(event.id(), "number", "1.0.0", "test", key, null, null, "c", null,
						event.timestamp(), String.valueOf(number), Map.of());
				long position = this.store.log().append(List.of(record)).get(0);
				this.published.computeIfAbsent(key, (none) -> new ArrayList<>()).add(number);
				partition().events.add(new StoredEvent(position, record));
			}
		}

		private void deliver(Partition partition, int count) throws Exception {
			int from = partition.handled;
			int to = Math.min(partition.events.size(), from + count);
			if (from == to) {
				return;
			}
			List<StoredEvent> events = List.copyOf(partition.events.subList(from, to));
			Lease lease = partition.lease;
			// the partition is this one's, whatever others do meanwhile
			partition.handled = to;
			boolean failed = this.number > 0 && this.random.nextInt(6) == 0;
			try {
				node().deliver(lease, false, events);
				addedAndParked += failed ? events.size() : 0;
			}
			catch (EventStoreException ex) {
				failed = true;
			}
			catch (DeliveryOverException ex) {
				assertThat(partition.lease).isNotEqualTo(lease);
				overslept++;
			}
			if (failed && partition.lease.equals(lease)) {
				events.forEach((event) -> partition.changes.put(event.position(),
						this.random.nextBoolean() ? AggregationNode.park(event) : AggregationNode.bury(event)));
			}
		}

		/** Tries again what is parked, and dead letters. */
		private void retry(Partition partition) throws Exception {
			for (StoredEvent event : List.copyOf(partition.parked.values())) {
				Lease lease = partition.lease;
				if (partition.changes.containsKey(event.position())
						|| !partition.parked.containsKey(event.position())) {
					continue;
				}
				try {
					node().deliver(lease, true, List.of(event));
				}
				catch (EventStoreException ex) {
					continue;
				}
				catch (DeliveryOverException ex) {
					assertThat(partition.lease).isNotEqualTo(lease);
					overslept++;
				}
				if (partition.lease.equals(lease)) {
					partition.changes.put(event.position(), new DeliveryChange.Complete(event.position()));
				}
			}
		}

		/** The node has lost the partition; it does not know that yet. */
		private void takeOver(Partition partition) {
			this.store.cursors().release(List.of(partition.lease));
			partition.lease = claim(partition.id);
			partition.loseWhatIsNotSaved();
		}

		private Lease claim(PartitionId partition) {
			return this.store.cursors().claim("n", List.of(partition), Duration.ofDays(1)).get(0);
		}

		/** While somebody sleeps others do all there is to do. */
		private void goOnWithoutTheSleeper() throws Exception {
			for (Partition partition : this.partitions) {
				takeOver(partition);
				deliver(partition, 10_000);
				retry(partition);
				partition.save(this.store);
			}
			for (int i = 0; i < 5; i++) {
				this.clock.advance(Duration.ofSeconds(10));
				sweep();
			}
		}

		private void sweep() throws Exception {
			try {
				node().sweep();
			}
			catch (EventStoreException ex) {
				// the loop would try again
			}
		}

		/** Somebody else is faster, or an answer is lost. */
		Optional<List<Long>> commit(Processes processes, ProcessChange change) {
			if (this.depth == 0 && this.random.nextInt(4) == 0) {
				this.depth++;
				try {
					switch (this.random.nextInt(8)) {
						case 0 -> goOnWithoutTheSleeper();
						case 1, 2, 3 -> sweep();
						default -> deliver(partition(), 3);
					}
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
				finally {
					this.depth--;
				}
			}
			int fault = (this.number < 0) ? 9 : this.random.nextInt(20);
			if (fault == 0) {
				throw new EventStoreException("Not done", null);
			}
			Optional<List<Long>> done = processes.commit(change);
			if (done.isEmpty()) {
				conflicts++;
			}
			else if (change.state() == null) {
				forgotten++;
			}
			if (fault == 1) {
				throw new EventStoreException("The answer is lost", null);
			}
			return done;
		}

		void finish() throws Exception {
			this.number = -1;
			for (Partition partition : this.partitions) {
				deliver(partition, 10_000);
				assertThat(partition.handled).isEqualTo(partition.events.size());
			}
			letTimePass();
			// what is parked is remembered if it was added, and nothing else
			List<ProcessRecord> left = this.store.processes().list("aggregation.numbers", null, null, 100);
			for (ProcessRecord known : left) {
				WindowData data = WindowData.read(known.state().data());
				assertThat(data.window()).isNull();
				assertThat(this.partitions).flatExtracting((partition) -> partition.parked.keySet())
					.containsAll(data.added().all());
			}
			for (Partition partition : this.partitions) {
				retry(partition);
			}
			letTimePass();
		}

		private void letTimePass() throws Exception {
			// what is retried behind a sweep would be forgotten only by the next one
			this.depth++;
			for (int i = 0; i < 20; i++) {
				this.clock.advance(Duration.ofSeconds(600));
				sweep();
				this.partitions.forEach((partition) -> partition.save(this.store));
			}
			this.depth--;
		}

		void verify() {
			Map<String, List<Integer>> gathered = new TreeMap<>();
			for (StoredEvent stored : this.store.log().read(0, this.store.log().head(), 10_000)) {
				EventRecord event = stored.event();
				if (event.type().equals("numbers")) {
					Numbers numbers = JsonMapper.shared().readValue(event.data(), Numbers.class);
					assertThat(numbers.numbers()).hasSizeBetween(1, MAX_EVENTS);
					assertThat(event.data().length()).isLessThanOrEqualTo(60);
					gathered.computeIfAbsent(String.valueOf(event.key()), (none) -> new ArrayList<>())
						.addAll(numbers.numbers());
				}
			}
			gathered.values().forEach((numbers) -> numbers.sort(null));
			assertThat(gathered).isEqualTo(this.published);
			assertThat(this.store.processes().counts()).isEmpty();
		}

	}

	private static final class DisturbedStore extends ForwardingStore {

		private final Run run;

		DisturbedStore(Run run) {
			super(run.store);
			this.run = run;
		}

		@Override
		public Processes processes() {
			Processes processes = super.processes();
			Run run = this.run;
			return new ForwardingProcesses(processes) {

				@Override
				public Optional<List<Long>> commit(ProcessChange change) {
					return run.commit(processes, change);
				}

			};
		}

	}

}
