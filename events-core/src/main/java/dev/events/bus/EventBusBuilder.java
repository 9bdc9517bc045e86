package dev.events.bus;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.events.DeliveryInterceptor;
import dev.events.EventAccessPolicy;
import dev.events.EventInterceptor;
import dev.events.EventUpcaster;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.connector.EventConnector;
import dev.events.delivery.DeliverySettings;
import dev.events.delivery.DeliveryTransactions;
import dev.events.encryption.EncryptionSettings;
import dev.events.memory.MemoryEventStore;
import dev.events.observation.EventObservations;
import dev.events.observation.HandlerMdc;
import dev.events.publish.EventForwarder;
import dev.events.publish.PublishSettings;
import dev.events.publish.PublishTransactions;
import dev.events.request.RequestSettings;
import dev.events.retention.RetentionSettings;
import dev.events.schema.SchemaSettings;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Collects the options of a {@link DurableEventBus}. Not thread-safe.
 */
public final class EventBusBuilder {

	private static final Pattern NODE_ID = Pattern.compile("[\\p{Graph}&&\\p{ASCII}]{1,200}");

	final EventStore store;

	String source = "application";

	String nodeId = "node-" + UUID.randomUUID();

	JsonMapper jsonMapper = JsonMapper.shared();

	List<EventInterceptor> interceptors = List.of();

	List<EventAccessPolicy> accessPolicies = List.of();

	List<EventUpcaster> upcasters = List.of();

	List<EventConnector<?>> connectors = List.of();

	SchemaSettings schemas = SchemaSettings.DEFAULT;

	EncryptionSettings encryption = EncryptionSettings.NONE;

	Function<Subscriber<?>, Optional<Subscriber<?>>> overrides = Optional::of;

	PublishTransactions transactions = PublishTransactions.NONE;

	DeliveryTransactions deliveryTransactions = DeliveryTransactions.NONE;

	DeliveryInterceptor deliveryInterceptor = DeliveryInterceptor.NONE;

	Supplier<EventStore> ephemeralStore = MemoryEventStore::new;

	EventForwarder forwarder = EventForwarder.NONE;

	PublishSettings publishing = PublishSettings.DEFAULT;

	DeliverySettings delivery = DeliverySettings.DEFAULT;

	RetryPolicy retry = RetryPolicy.DEFAULT;

	RetentionSettings retention = RetentionSettings.DEFAULT;

	RequestSettings requests = RequestSettings.DEFAULT;

	EventObservations observations = EventObservations.NONE;

	HandlerMdc mdc = new HandlerMdc(true);

	int maxSubscribersPerType = 100;

	LongSupplier ticker = System::nanoTime;

	@Nullable Executor workers;

	EventBusBuilder(EventStore store) {
		this.store = store;
	}

	/** Source of events whose publisher names none; {@code application} by default. */
	public EventBusBuilder source(String source) {
		this.source = source;
		return this;
	}

	/**
	 * Id of this node, unique in the cluster; random by default.
	 * @throws IllegalArgumentException when it is not 1 to 200 printable characters
	 */
	public EventBusBuilder nodeId(String nodeId) {
		if (!NODE_ID.matcher(nodeId).matches()) {
			throw new IllegalArgumentException(
					"events.node-id is not valid; write 1 to 200 printable characters without blanks, "
							+ "different on every node, or leave it out for a random one");
		}
		this.nodeId = nodeId;
		return this;
	}

	/** Writes and reads data; a mapper with Jackson's defaults by default. */
	public EventBusBuilder jsonMapper(JsonMapper jsonMapper) {
		this.jsonMapper = jsonMapper;
		return this;
	}

	/** See every event on its way in, in this order. */
	public EventBusBuilder interceptors(List<EventInterceptor> interceptors) {
		this.interceptors = List.copyOf(interceptors);
		return this;
	}

	/** Say who may publish and receive which events; none by default. */
	public EventBusBuilder accessPolicies(List<? extends EventAccessPolicy> accessPolicies) {
		this.accessPolicies = List.copyOf(accessPolicies);
		return this;
	}

	/**
	 * Bring old events into new shapes when they are read; none by default. They are
	 * checked when the bus is {@linkplain #build() built}.
	 */
	public EventBusBuilder upcasters(List<? extends EventUpcaster> upcasters) {
		this.upcasters = List.copyOf(upcasters);
		return this;
	}

	/**
	 * Serve subscriptions that are data, each those of its type; none by default. That no
	 * two have the same type is checked when the bus is {@linkplain #build() built}.
	 */
	public EventBusBuilder connectors(List<? extends EventConnector<?>> connectors) {
		this.connectors = List.copyOf(connectors);
		return this;
	}

	/** How schemas are used. */
	public EventBusBuilder schemas(SchemaSettings schemas) {
		this.schemas = schemas;
		return this;
	}

	/** Which data is encrypted, and with which keys; none by default. */
	public EventBusBuilder encryption(EncryptionSettings encryption) {
		this.encryption = encryption;
		return this;
	}

	/** Transactions that publishing takes part in; none by default. */
	public EventBusBuilder transactions(PublishTransactions transactions) {
		this.transactions = transactions;
		return this;
	}

	/** Transactions in which transactional subscribers run; none by default. */
	public EventBusBuilder deliveryTransactions(DeliveryTransactions deliveryTransactions) {
		this.deliveryTransactions = deliveryTransactions;
		return this;
	}

	/** Stands around every call of a handler; by default nothing does. */
	public EventBusBuilder deliveryInterceptor(DeliveryInterceptor deliveryInterceptor) {
		this.deliveryInterceptor = deliveryInterceptor;
		return this;
	}

	/**
	 * Keeps what is to be tried again of subscribers without an id, until the bus is
	 * stopped; in the memory of this node by default.
	 * @param ephemeralStore makes an empty store at each start
	 */
	public EventBusBuilder ephemeralStore(Supplier<EventStore> ephemeralStore) {
		this.ephemeralStore = ephemeralStore;
		return this;
	}

	/** Sees every event that is about to be stored; none by default. */
	public EventBusBuilder forwarder(EventForwarder forwarder) {
		this.forwarder = forwarder;
		return this;
	}

	/** How events are published. */
	public EventBusBuilder publishing(PublishSettings publishing) {
		this.publishing = publishing;
		return this;
	}

	/** How events are delivered. */
	public EventBusBuilder delivery(DeliverySettings delivery) {
		this.delivery = delivery;
		return this;
	}

	/** Retry policy of subscribers without one of their own. */
	public EventBusBuilder retry(RetryPolicy retry) {
		this.retry = retry;
		return this;
	}

	/** How long events are kept; for ever by default. */
	public EventBusBuilder retention(RetentionSettings retention) {
		this.retention = retention;
		return this;
	}

	/** How requests wait for answers. */
	public EventBusBuilder requests(RequestSettings requests) {
		this.requests = requests;
		return this;
	}

	/** Sees what is published and delivered; nobody by default. */
	public EventBusBuilder observations(EventObservations observations) {
		this.observations = observations;
		return this;
	}

	/**
	 * Whether log lines of handlers say for which event they are, by entries of the MDC;
	 * they do by default.
	 * @see HandlerMdc
	 */
	public EventBusBuilder mdc(boolean mdc) {
		this.mdc = new HandlerMdc(mdc);
		return this;
	}

	/**
	 * What operators say about subscribers that have an id, instead of what the code
	 * says; by default nothing.
	 * @param overrides gives the subscriber to register, or nothing when it is switched
	 * off; the subscription then does nothing
	 */
	public EventBusBuilder overrides(Function<Subscriber<?>, Optional<Subscriber<?>>> overrides) {
		this.overrides = overrides;
		return this;
	}

	/** Most subscribers with the same event type or pattern; 100 by default. */
	public EventBusBuilder maxSubscribersPerType(int maxSubscribersPerType) {
		if (maxSubscribersPerType < 1) {
			throw new IllegalArgumentException("max-subscribers-per-type must be at least 1");
		}
		this.maxSubscribersPerType = maxSubscribersPerType;
		return this;
	}

	/**
	 * Runs handlers; threads of our own by default. Each partition that has something to
	 * do takes one thread. When the executor rejects, the partition waits and tries
	 * again. The executor must not run tasks in the thread that hands them over, as
	 * {@link java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy} does, for that may
	 * be a publisher's or the one that reads the log: this is taken for a rejection. Nor
	 * must it drop tasks silently.
	 */
	public EventBusBuilder workers(@Nullable Executor workers) {
		this.workers = workers;
		return this;
	}

	/**
	 * The time in nanoseconds by which items of batch emitters wait,
	 * {@link System#nanoTime()} by default; for tests, which have to say
	 * {@link DurableEventBus#clockMoved()}.
	 */
	public EventBusBuilder ticker(LongSupplier ticker) {
		this.ticker = ticker;
		return this;
	}

	/**
	 * Builds the bus; delivery begins with {@link DurableEventBus#start()}.
	 * @throws dev.events.InvalidUpcasterException when upcasters do not form chains
	 */
	public DurableEventBus build() {
		return new DurableEventBus(this);
	}

}
