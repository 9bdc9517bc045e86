package dev.events.spring.subscriber;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.events.subscriber.AnswerAdapter;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Subscribes to the reactive types that Spring knows (those of Reactor, RxJava, Mutiny
 * and others): the delivery is done when they complete, and what they emit is published.
 * Needs Reactive Streams on the class path. Thread-safe.
 */
public final class ReactiveAnswers implements AnswerAdapter {

	private final ReactiveAdapterRegistry registry = ReactiveAdapterRegistry.getSharedInstance();

	@Override
	public @Nullable Object adapt(@Nullable Object answer) {
		if (answer == null || answer instanceof CompletionStage) {
			return answer;
		}
		ReactiveAdapter adapter = this.registry.getAdapter(null, answer);
		if (adapter == null) {
			return answer;
		}
		Publisher<Object> publisher = adapter.toPublisher(answer);
		Collector collector = new Collector();
		publisher.subscribe(collector);
		return collector.completion;
	}

	/**
	 * Collects everything that a publisher emits.
	 */
	private static final class Collector implements Subscriber<Object> {

		private final CompletableFuture<List<Object>> completion = new CompletableFuture<>();

		private final List<Object> emitted = new ArrayList<>();

		@Override
		public void onSubscribe(Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(Object item) {
			this.emitted.add(item);
		}

		@Override
		public void onError(Throwable error) {
			this.completion.completeExceptionally(error);
		}

		@Override
		public void onComplete() {
			this.completion.complete(this.emitted);
		}

	}

}
