package dev.events.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.events.SchemaCompatibility;
import dev.events.schema.SchemaValidation;
import dev.events.schema.UnknownTypes;
import dev.events.spring.actuate.ShowPayloads;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties {@code events.*}.
 *
 * @param enabled Whether events are set up at all.
 * @param source Source of events whose publisher names none. By default the name of the
 * application (spring.application.name).
 * @param nodeId Id of this node, unique among the running nodes. By default a random one.
 * @param store Where events are kept.
 * @param maxSubscribersPerType How many subscribers one event type may have on a node;
 * more are taken for a leak.
 * @param retry how failed deliveries are tried again
 * @param delivery how events are delivered
 * @param publish how events are published
 * @param schema how schemas of event types are used
 * @param retention how long events are kept
 * @param request how requests wait for answers
 * @param access who may publish which events
 * @param encryption which data is encrypted, and with which keys
 * @param bridge the bridge to Spring's application events
 * @param jdbc the JDBC store
 * @param redis the Redis store
 * @param kafka Kafka, as a receiver of subscriptions and as a source of events
 * @param webhook webhooks of subscriptions that are data
 * @param actuator what endpoints show
 * @param logging what log lines say
 * @param subscribers Settings of single subscribers, by subscription id, in place of what
 * their annotation says. Ids with dots are written in brackets.
 */
@ConfigurationProperties(value = "events", ignoreUnknownFields = false)
public record EventsProperties(@DefaultValue("true") boolean enabled, @Nullable String source, @Nullable String nodeId,
		@DefaultValue("auto") StoreType store, @DefaultValue("100") int maxSubscribersPerType,
		@DefaultValue Retry retry, @DefaultValue Delivery delivery, @DefaultValue Publish publish,
		@DefaultValue Schema schema, @DefaultValue Retention retention, @DefaultValue Request request,
		@DefaultValue Access access, @DefaultValue Encryption encryption, @DefaultValue Bridge bridge,
		@DefaultValue Jdbc jdbc, @DefaultValue Redis redis, @DefaultValue Kafka kafka, @DefaultValue Webhook webhook,
		@DefaultValue Actuator actuator, @DefaultValue Logging logging,
		@DefaultValue Map<String, Subscriber> subscribers) {

	/**
	 * Kinds of stores.
	 */
	public enum StoreType {

		/**
		 * In the database if events-jdbc-store is there, in Redis if events-redis-store
		 * is there, in memory if neither is.
		 */
		AUTO,

		/** In memory: lost with a restart, seen by this node only. */
		MEMORY,

		/** In the database of a DataSource; needs events-jdbc-store. */
		JDBC,

		/** In Redis or Valkey; needs events-redis-store. */
		REDIS

	}

	/**
	 * How failed deliveries are tried again.
	 *
	 * @param maxAttempts Attempts in all, the first included, before an event becomes a
	 * dead letter.
	 * @param initialDelay Time from the first failure to the second attempt.
	 * @param multiplier Growth from one delay to the next.
	 * @param maxDelay Longest delay.
	 * @param jitter Share of the delay by which it is made longer or shorter at random,
	 * from 0 to 1.
	 */
	public record Retry(@DefaultValue("5") int maxAttempts, @DefaultValue("1s") Duration initialDelay,
			@DefaultValue("2") double multiplier, @DefaultValue("5m") Duration maxDelay,
			@DefaultValue("0.2") double jitter) {

	}

	/**
	 * How events are delivered.
	 *
	 * @param partitions Partitions of a subscription that does not say how many: so many
	 * events with different keys are handled at the same time.
	 * @param leaseDuration How long a node that died keeps its partitions.
	 * @param pollInterval How often the log is looked at when nothing wakes the node.
	 * @param checkpointInterval Longest time from progress to saving it; bounds what is
	 * delivered again after a crash.
	 * @param pageSize Most events read from the store at once.
	 * @param maxParked Most deliveries of one partition that may wait for another
	 * attempt; beyond that the partition stands still.
	 * @param shutdownTimeout How long running handlers may take to finish when the
	 * application stops.
	 * @param handlerTimeout How long one call of a handler may take before it is
	 * interrupted and the attempt has failed. By default any time.
	 */
	public record Delivery(@DefaultValue("4") int partitions, @DefaultValue("10s") Duration leaseDuration,
			@DefaultValue("500ms") Duration pollInterval, @DefaultValue("100ms") Duration checkpointInterval,
			@DefaultValue("500") int pageSize, @DefaultValue("10000") int maxParked,
			@DefaultValue("20s") Duration shutdownTimeout, @DefaultValue("0s") Duration handlerTimeout) {

	}

	/**
	 * How events are published.
	 *
	 * @param maxPayloadSize Largest data of an event, as JSON.
	 * @param bufferSize Events that wait in the buffer of asynchronous publishing before
	 * publishers have to wait.
	 * @param batchSize Most events stored together from the buffer.
	 * @param linger How long a batch that is not full waits for more events.
	 */
	public record Publish(@DefaultValue("1MB") DataSize maxPayloadSize, @DefaultValue("10000") int bufferSize,
			@DefaultValue("500") int batchSize, @DefaultValue("5ms") Duration linger) {

	}

	/**
	 * How schemas of event types are used.
	 *
	 * @param validation What happens when published data does not fit the schema of its
	 * type and version.
	 * @param unknownTypes Whether event types without a schema may be published.
	 * @param compatibility What a new version of a schema must have in common with the
	 * versions before and after it.
	 */
	public record Schema(@DefaultValue("strict") SchemaValidation validation,
			@DefaultValue("allow") UnknownTypes unknownTypes,
			@DefaultValue("backward") SchemaCompatibility compatibility) {

	}

	/**
	 * How long events are kept. By default for ever.
	 *
	 * @param maxAge Events older than this are deleted, unless a rule says otherwise of
	 * their type.
	 * @param maxCount So many of the newest events that no rule speaks of are kept; older
	 * ones are deleted.
	 * @param rules Rules for event types; the first one that matches decides.
	 * @param deleteUnread Whether events are deleted, too, that a subscription has not
	 * had yet.
	 * @param interval How long to rest when there is nothing left to delete.
	 * @param batchSize Most events looked at, and deleted, at once.
	 * @param pause How long to rest between two batches.
	 */
	public record Retention(@Nullable Duration maxAge, @Nullable Long maxCount, @DefaultValue List<RetentionRule> rules,
			@DefaultValue("false") boolean deleteUnread, @DefaultValue("1m") Duration interval,
			@DefaultValue("1000") int batchSize, @DefaultValue("50ms") Duration pause) {

	}

	/**
	 * How long events of some types are kept; with neither limit, for ever.
	 *
	 * @param type Event type or pattern.
	 * @param maxAge Events older than this are deleted.
	 * @param maxCount So many of the newest events are kept; older ones are deleted.
	 */
	public record RetentionRule(@Nullable String type, @Nullable Duration maxAge, @Nullable Long maxCount) {

	}

	/**
	 * How requests wait for answers.
	 *
	 * @param timeout How long a request waits for an answer that does not say so itself.
	 * @param maxPending Most requests of a node that wait at the same time; further ones
	 * fail.
	 */
	public record Request(@DefaultValue("10s") Duration timeout, @DefaultValue("10000") int maxPending) {

	}

	/**
	 * Who may publish which events.
	 *
	 * @param publish Rules. An event is published when one of the rules for its type
	 * allows it, or when there is none for its type.
	 */
	public record Access(@DefaultValue List<PublishRule> publish) {

	}

	/**
	 * Which data of events is stored encrypted, and with which keys.
	 *
	 * @param activeKey Id of the key that new events are encrypted with.
	 * @param keys Keys by id, each 32 random bytes in Base64. Those that events were
	 * encrypted with must stay as long as the events do.
	 * @param types What is encrypted of events of a type or pattern, which is written in
	 * brackets, beside what classes say with annotations.
	 * @param subjectKeyCache How long a node may use the key of a data subject before it
	 * looks again whether the subject was forgotten.
	 * @param acceptPlain Whether events that are stored in plain text are read although
	 * their type is to be encrypted, as those are that were stored before that was so.
	 * Otherwise they become dead letters.
	 */
	public record Encryption(@Nullable String activeKey, @DefaultValue Map<String, String> keys,
			@DefaultValue Map<String, EncryptedType> types, @DefaultValue("5s") Duration subjectKeyCache,
			@DefaultValue("true") boolean acceptPlain) {

		/** Does not show keys. */
		@Override
		public String toString() {
			return "Encryption[activeKey=" + this.activeKey + ", keys=" + this.keys.keySet() + ", types=" + this.types
					+ ", subjectKeyCache=" + this.subjectKeyCache + ", acceptPlain=" + this.acceptPlain + "]";
		}

	}

	/**
	 * Who may publish events of some types: whoever meets both conditions.
	 *
	 * @param type Event type or pattern.
	 * @param sources Sources that may publish them. By default all.
	 * @param authorities The publisher must have one of these authorities, those of
	 * Spring Security, for example ROLE_BILLING. By default none is needed.
	 */
	public record PublishRule(@Nullable String type, @DefaultValue Set<String> sources,
			@DefaultValue Set<String> authorities) {

	}

	/**
	 * What is encrypted of events of one type or pattern.
	 *
	 * @param enabled Whether this counts; true alone encrypts all of the data.
	 * @param fields JSON pointers to the values to encrypt, for example /address/street;
	 * an asterisk stands for every element. By default all of the data.
	 * @param subject JSON pointer to the id of the person the event is about, whose own
	 * key is used.
	 */
	public record EncryptedType(@DefaultValue("true") boolean enabled, @DefaultValue List<String> fields,
			@Nullable String subject) {

	}

	/**
	 * The bridge to Spring's application events.
	 *
	 * @param inbound Whether application events whose class carries @EventType are
	 * published on the bus.
	 * @param outbound Whether events of the bus are published as application events, for
	 * event listeners.
	 */
	public record Bridge(@DefaultValue("true") boolean inbound, @DefaultValue("true") boolean outbound) {

	}

	/**
	 * The JDBC store.
	 *
	 * @param schema Schema of the tables. By default that of the connection.
	 * @param tablePrefix Prefix of the names of all tables.
	 * @param migrate Whether the tables are created and kept up to date at start-up.
	 * @param gapTimeout How long a missing position holds up delivery before its
	 * transaction is taken for rolled back, on databases that cannot tell.
	 * @param notifications Whether nodes notify each other of new events, on PostgreSQL.
	 * Takes one connection of the pool while there are other nodes.
	 * @param dataSource Name of the DataSource bean, in an application with more than
	 * one.
	 */
	public record Jdbc(@Nullable String schema, @DefaultValue("") String tablePrefix,
			@DefaultValue("true") boolean migrate, @DefaultValue("1m") Duration gapTimeout,
			@DefaultValue("true") boolean notifications, @Nullable String dataSource) {

	}

	/**
	 * The Redis store.
	 *
	 * @param keyPrefix In braces it begins the name of every key; applications that share
	 * a server each need one of their own.
	 * @param timeout How long one call of the server may take.
	 * @param evictionCheck What to do at start-up when the server's maxmemory-policy lets
	 * it drop events.
	 * @param index Whether events are indexed in the background, so that queries do not
	 * read all of the log.
	 * @param connectionFactory Name of the RedisConnectionFactory bean, in an application
	 * with more than one.
	 */
	public record Redis(@DefaultValue("events") String keyPrefix, @DefaultValue("3s") Duration timeout,
			@DefaultValue("fail") EvictionCheck evictionCheck, @DefaultValue("true") boolean index,
			@Nullable String connectionFactory) {

		/**
		 * What to do when events may be dropped.
		 */
		public enum EvictionCheck {

			/** The application does not start. */
			FAIL,

			/** A warning is logged. */
			WARN,

			/** Nothing. */
			OFF

		}

	}

	/**
	 * Kafka, as a receiver of subscriptions and as a source of events.
	 *
	 * @param topic Topic of subscriptions of type kafka that name none, with the
	 * placeholders {type} and {source}.
	 * @param timeout How long an attempt to send may take in all until the broker has
	 * acknowledged.
	 * @param batchSize Most events that are on their way at once, for each partition of a
	 * subscription.
	 * @param allowedBootstrapServers Brokers that subscriptions may name besides those of
	 * the application, whose credentials are sent there.
	 * @param inbound Topics whose records are published.
	 */
	public record Kafka(@DefaultValue("{type}") String topic, @DefaultValue("10s") Duration timeout,
			@DefaultValue("100") int batchSize, @DefaultValue List<String> allowedBootstrapServers,
			@DefaultValue List<Inbound> inbound) {

		/**
		 * A topic whose records are published.
		 *
		 * @param topic Name of the topic.
		 * @param groupId Consumer group, unless it is that of the application.
		 * @param type Event type of records that are no CloudEvents, if there are any.
		 * @param source Source of records that are no CloudEvents, in place of kafka: and
		 * the topic.
		 * @param deadLetterTopic Topic for records that cannot be published. Without it
		 * their consumer stands still there.
		 * @param concurrency Consumers on each node.
		 */
		public record Inbound(@Nullable String topic, @Nullable String groupId, @Nullable String type,
				@Nullable String source, @Nullable String deadLetterTopic, @DefaultValue("1") int concurrency) {

		}

	}

	/**
	 * Webhooks of subscriptions that are data.
	 *
	 * @param allowHttp Whether URLs may begin with http.
	 * @param allowPrivateAddresses Whether webhooks may be sent anywhere, also into
	 * private networks and to this machine. For development.
	 * @param allowedNetworks Networks to which webhooks may be sent besides public ones.
	 * @param connectTimeout How long connecting to one address may take.
	 * @param readTimeout Longest silence of a receiver.
	 * @param timeout How long a call may take in all, unless the subscription says.
	 * @param suspendAfter How long a receiver must have failed without interruption
	 * before its subscription is paused, unless the subscription says.
	 */
	public record Webhook(@DefaultValue("false") boolean allowHttp,
			@DefaultValue("false") boolean allowPrivateAddresses, @DefaultValue List<String> allowedNetworks,
			@DefaultValue("5s") Duration connectTimeout, @DefaultValue("15s") Duration readTimeout,
			@DefaultValue("20s") Duration timeout, @DefaultValue("1d") Duration suspendAfter) {

	}

	/**
	 * What endpoints show.
	 *
	 * @param showPayloads When data, metadata and user of events, and messages of errors,
	 * are shown.
	 * @param roles Roles of those to whom they are shown when authorized. By default
	 * everybody who is authenticated.
	 */
	public record Actuator(@DefaultValue("never") ShowPayloads showPayloads, @DefaultValue Set<String> roles) {

	}

	/**
	 * What log lines say.
	 *
	 * @param mdc Whether log lines of handlers carry id, type, correlation id and
	 * subscription of the event, as entries of the MDC.
	 */
	public record Logging(@DefaultValue("true") boolean mdc) {

	}

	/**
	 * Settings of one subscriber in place of what its annotation says.
	 *
	 * @param enabled Whether the subscriber is registered.
	 * @param partitions Number of partitions.
	 * @param concurrency Most calls at the same time on one node. By default one for each
	 * partition that the node has.
	 * @param transactional Whether handler and cursor share a database transaction; only
	 * with a store in the same database.
	 * @param timeout How long one call may take before it is interrupted and the attempt
	 * has failed; 0s for any time.
	 * @param batchSize Most events of a batch, of a subscriber that takes a list.
	 * @param batchWait How long a batch that is not full waits for more events.
	 * @param retry how its failed deliveries are tried again
	 */
	public record Subscriber(@DefaultValue("true") boolean enabled, @Nullable Integer partitions,
			@Nullable Integer concurrency, @Nullable Boolean transactional, @Nullable Duration timeout,
			@Nullable Integer batchSize, @Nullable Duration batchWait, @DefaultValue SubscriberRetry retry) {

	}

	/**
	 * How failed deliveries of one subscriber are tried again; what is not given is as in
	 * {@code events.retry}.
	 *
	 * @param maxAttempts Attempts in all, the first included, before an event becomes a
	 * dead letter.
	 * @param initialDelay Time from the first failure to the second attempt.
	 * @param multiplier Growth from one delay to the next.
	 * @param maxDelay Longest delay.
	 * @param jitter Share of the delay by which it is made longer or shorter at random,
	 * from 0 to 1.
	 */
	public record SubscriberRetry(@Nullable Integer maxAttempts, @Nullable Duration initialDelay,
			@Nullable Double multiplier, @Nullable Duration maxDelay, @Nullable Double jitter) {

	}

}
