package dev.events.spring.autoconfigure;

import dev.events.bus.DurableEventBus;

import org.springframework.context.SmartLifecycle;

/**
 * Starts delivery when everything else has started, and stops it before anything else
 * stops, web server included: subscribers never see a half-started application.
 * Publishing works before and after.
 */
final class EventBusLifecycle implements SmartLifecycle {

	private final DurableEventBus bus;

	EventBusLifecycle(DurableEventBus bus) {
		this.bus = bus;
	}

	@Override
	public void start() {
		this.bus.start();
	}

	@Override
	public void stop() {
		this.bus.stop();
	}

	@Override
	public boolean isRunning() {
		return this.bus.isRunning();
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

}
