package dev.events.sample.checkout;

import java.time.Duration;

import dev.events.Event;
import dev.events.Saga;
import dev.events.SagaContext;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The saga of a checkout: payment, then stock, else a refund.
 */
@Configuration(proxyBeanMethods = false)
class CheckoutSaga {

	static final String NAME = "checkout";

	/** All events of a checkout have its id as their key. */
	@Bean
	Saga<CheckoutState> checkout(@Value("${sample.checkout.timeout:15m}") Duration timeout) {
		return Saga.named(NAME, CheckoutState.class)
			.correlateBy(Event::key)
			.startsOn(CheckoutStarted.class, (event, saga) -> {
				CheckoutStarted started = event.data();
				saga.publish(new PaymentRequested(started.checkoutId(), started.amount()));
				return new CheckoutState(started.checkoutId(), started.items(), null);
			})
			.compensateWith(CheckoutSaga::cancel)
			.on(PaymentCompleted.class, (state, event, saga) -> {
				saga.publish(new StockRequested(state.id(), state.items()));
				return state.paid(event.data().receipt());
			})
			.compensateWith(CheckoutSaga::refund)
			.on(PaymentFailed.class, (state, event, saga) -> {
				saga.compensate("not paid: " + event.data().reason());
				return state;
			})
			.on(StockMissing.class, (state, event, saga) -> {
				saga.compensate("out of stock: " + event.data().item());
				return state;
			})
			.endsOn(StockReserved.class, (state, event, saga) -> {
				saga.publish(new CheckoutCompleted(state.id()));
				return state;
			})
			.timeout(timeout)
			.build();
	}

	private static CheckoutState cancel(CheckoutState state, SagaContext saga) {
		saga.publish(new CheckoutCancelled(state.id()));
		return state;
	}

	private static CheckoutState refund(CheckoutState state, SagaContext saga) {
		saga.publish(new RefundRequested(state.id(), String.valueOf(state.receipt())));
		return state;
	}

}
