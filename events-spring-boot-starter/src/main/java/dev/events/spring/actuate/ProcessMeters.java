package dev.events.spring.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Meters of what is defined by name, such as sagas: the gauge {@code events.<kind>s} by
 * {@code status} and counters {@code events.<kind>.…}, all with the tag {@code <kind>}.
 * Only so many names get meters. Thread-safe.
 *
 * @param <S> statistics of one of them
 */
abstract class ProcessMeters<S> implements MeterBinder, ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ProcessMeters.class);

	private static final long MAX_AGE = Duration.ofSeconds(5).toNanos();

	private static final int MAX_NAMES = 100;

	private final String kind;

	private final Supplier<List<S>> source;

	private final Function<S, String> name;

	private final Set<String> registered = ConcurrentHashMap.newKeySet();

	private volatile @Nullable MeterRegistry registry;

	private volatile Taken<S> taken = new Taken<>(List.of(), System.nanoTime() - MAX_AGE);

	ProcessMeters(String kind, Supplier<List<S>> source, Function<S, String> name) {
		this.kind = kind;
		this.source = source;
		this.name = name;
	}

	/** Registers the meters of one. */
	abstract void register(MeterRegistry registry, String name);

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registry = registry;
	}

	/** Those of the context are there now. */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		MeterRegistry registry = this.registry;
		if (registry == null) {
			return;
		}
		for (S stats : stats()) {
			String name = this.name.apply(stats);
			if (this.registered.size() < MAX_NAMES && this.registered.add(name)) {
				register(registry, name);
			}
		}
	}

	void gauge(MeterRegistry registry, String name, String status, String description, ToLongFunction<S> value) {
		Gauge.builder("events." + this.kind + "s", this, (meters) -> meters.read(name, value))
			.tag(this.kind, name)
			.tag("status", status)
			.description(description)
			.register(registry);
	}

	void counter(MeterRegistry registry, String name, String what, String description, ToLongFunction<S> value) {
		FunctionCounter.builder("events." + this.kind + "." + what, this, (meters) -> meters.read(name, value))
			.tag(this.kind, name)
			.description(description)
			.register(registry);
	}

	private double read(String name, ToLongFunction<S> value) {
		return stats().stream()
			.filter((stats) -> this.name.apply(stats).equals(name))
			.mapToLong(value)
			.findFirst()
			.orElse(0);
	}

	/** Reading many meters costs one look at the store. */
	private List<S> stats() {
		Taken<S> last = this.taken;
		long now = System.nanoTime();
		if (now - last.at < MAX_AGE) {
			return last.stats;
		}
		try {
			last = new Taken<>(this.source.get(), now);
		}
		catch (RuntimeException ex) {
			logger.debug("No statistics of {}s from the event store", this.kind, ex);
			last = new Taken<>(last.stats, now);
		}
		this.taken = last;
		return last.stats;
	}

	private record Taken<S>(List<S> stats, long at) {

	}

}
