package dev.events.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.ForwardingStore;
import dev.events.store.Nodes;
import dev.events.store.Replays;
import dev.events.store.Schedule;
import dev.events.store.SubscriptionRegistry;

/** A store whose calls can be delayed, failed or followed by something else. */
public final class HookedStore extends ForwardingStore {

	public interface Hook {

		Object around(String method, Object[] args, Callable<Object> call) throws Throwable;

	}

	public volatile Hook hook = (method, args, call) -> call.call();

	public HookedStore(EventStore store) {
		super(store);
	}

	private <T> T hooked(Class<T> type, T part) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, args) -> this.hook.around(type.getSimpleName() + "." + method.getName(),
						(args != null) ? args : new Object[0], () -> {
							try {
								return method.invoke(part, args);
							}
							catch (InvocationTargetException ex) {
								throw (Exception) ex.getCause();
							}
						})));
	}

	@Override
	public String name() {
		return "hooked";
	}

	@Override
	public EventLog log() {
		return hooked(EventLog.class, super.log());
	}

	@Override
	public Schedule schedule() {
		return hooked(Schedule.class, super.schedule());
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return hooked(SubscriptionRegistry.class, super.subscriptions());
	}

	@Override
	public Cursors cursors() {
		return hooked(Cursors.class, super.cursors());
	}

	@Override
	public Deliveries deliveries() {
		return hooked(Deliveries.class, super.deliveries());
	}

	@Override
	public Replays replays() {
		return hooked(Replays.class, super.replays());
	}

	@Override
	public Nodes nodes() {
		return hooked(Nodes.class, super.nodes());
	}

}
