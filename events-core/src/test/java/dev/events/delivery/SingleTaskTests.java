package dev.events.delivery;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link SingleTask}: what is dropped never runs, and each reservation ends
 * once.
 */
class SingleTaskTests {

	private final Queue<Runnable> queue = new ArrayDeque<>();

	private int runs;

	private int ends;

	private final SingleTask task = new SingleTask(this.queue::add, () -> this.runs++, () -> this.ends++);

	private void runQueue() throws InterruptedException {
		// a task does not run in the thread that starts it
		Thread thread = new Thread(() -> this.queue.forEach(Runnable::run));
		thread.start();
		thread.join();
	}

	@Test
	void whatWasHandedOverAndHasNotBegunIsDropped() throws InterruptedException {
		this.task.reserve();
		assertThat(this.task.start()).isNull();

		assertThat(this.task.close()).isTrue();

		assertThat(this.task.isIdle()).isTrue();
		runQueue();
		assertThat(this.runs).isZero();
		assertThat(this.ends).isZero();
	}

	@Test
	void whatIsReservedIsRefusedWhenItIsClosedBeforeItStarts() {
		this.task.reserve();

		assertThat(this.task.close()).isFalse();
		assertThat(this.task.isIdle()).isFalse();

		assertThat(this.task.start()).isInstanceOf(RejectedExecutionException.class);
		assertThat(this.task.isIdle()).isTrue();
		assertThat(this.queue).isEmpty();
	}

	@Test
	void nothingIsReservedOnceItIsClosed() {
		this.task.close();

		assertThat(this.task.reserve()).isFalse();
		assertThat(this.task.isIdle()).isTrue();
	}

	@Test
	void itIsDroppedOnce() {
		this.task.reserve();
		this.task.start();

		assertThat(this.task.close()).isTrue();
		assertThat(this.task.close()).isFalse();
	}

	@Test
	void whatTheExecutorRefusesWhileItIsClosedIsDroppedOnce() {
		AtomicInteger dropped = new AtomicInteger();
		SingleTask[] refused = new SingleTask[1];
		refused[0] = new SingleTask((run) -> {
			if (refused[0].close()) {
				dropped.incrementAndGet();
			}
			throw new RejectedExecutionException("No");
		}, () -> this.runs++, () -> this.ends++);
		refused[0].reserve();

		assertThat(refused[0].start()).isNull();

		assertThat(dropped).hasValue(1);
		assertThat(refused[0].isIdle()).isTrue();
	}

	@Test
	void whatIsRunningGoesOn() throws InterruptedException {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch closed = new CountDownLatch(1);
		SingleTask slow = new SingleTask(this.queue::add, () -> {
			running.countDown();
			awaitUninterruptibly(closed);
			this.runs++;
		}, () -> this.ends++);
		slow.reserve();
		slow.start();
		Thread thread = new Thread(() -> this.queue.forEach(Runnable::run));
		thread.start();
		running.await();

		assertThat(slow.close()).isFalse();
		assertThat(slow.isIdle()).isFalse();

		closed.countDown();
		thread.join();
		assertThat(slow.isIdle()).isTrue();
		assertThat(this.runs).isEqualTo(1);
		assertThat(this.ends).isEqualTo(1);
	}

	@RepeatedTest(200)
	void eachReservationEndsInExactlyOneWay() throws Exception {
		Queue<Runnable> handedOver = new ConcurrentLinkedQueue<>();
		AtomicInteger refused = new AtomicInteger();
		AtomicInteger over = new AtomicInteger();
		AtomicInteger begun = new AtomicInteger();
		AtomicInteger begunAfterwards = new AtomicInteger();
		CountDownLatch start = new CountDownLatch(1);
		CountDownLatch quiet = new CountDownLatch(1);
		SingleTask raced = new SingleTask(handedOver::add, () -> {
			begun.incrementAndGet();
			if (quiet.getCount() == 0) {
				begunAfterwards.incrementAndGet();
			}
		}, over::incrementAndGet);
		AtomicInteger reserved = new AtomicInteger();
		AtomicInteger dropped = new AtomicInteger();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		for (int i = 0; i < 2; i++) {
			threads.execute(() -> {
				awaitUninterruptibly(start);
				for (int n = 0; n < 20; n++) {
					if (raced.reserve()) {
						reserved.incrementAndGet();
						if (raced.start() != null) {
							refused.incrementAndGet();
						}
					}
				}
			});
		}
		threads.execute(() -> {
			awaitUninterruptibly(start);
			for (int n = 0; n < 200; n++) {
				Runnable next = handedOver.poll();
				if (next != null) {
					next.run();
				}
			}
		});
		threads.execute(() -> {
			awaitUninterruptibly(start);
			Thread.onSpinWait();
			if (raced.close()) {
				dropped.incrementAndGet();
			}
			if (raced.isIdle()) {
				quiet.countDown();
			}
		});

		start.countDown();
		threads.shutdown();
		assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		handedOver.forEach(Runnable::run);

		assertThat(raced.isIdle()).isTrue();
		assertThat(raced.reserve()).isFalse();
		assertThat(refused.get() + dropped.get() + over.get()).isEqualTo(reserved.get());
		assertThat(over.get()).isEqualTo(begun.get());
		assertThat(begunAfterwards).hasValue(0);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
