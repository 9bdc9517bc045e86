package dev.events;

import java.time.Duration;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RetryPolicyTests {

	@Test
	void growsByTheMultiplierUpToTheMaximum() {
		RetryPolicy policy = new RetryPolicy(10, Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0);
		assertThat(policy.delayAfter(1, new Random())).isEqualTo(Duration.ofSeconds(1));
		assertThat(policy.delayAfter(2, new Random())).isEqualTo(Duration.ofSeconds(2));
		assertThat(policy.delayAfter(4, new Random())).isEqualTo(Duration.ofSeconds(8));
		assertThat(policy.delayAfter(5, new Random())).isEqualTo(Duration.ofSeconds(10));
		assertThat(policy.delayAfter(1_000_000, new Random())).isEqualTo(Duration.ofSeconds(10));
	}

	@Property
	void jitterStaysWithinItsShare(@ForAll @IntRange(min = 1, max = 100_000) int attempts,
			@ForAll @DoubleRange(min = 1, max = 100) double multiplier,
			@ForAll @DoubleRange(min = 0, max = 1) double jitter, @ForAll long seed) {
		RetryPolicy policy = new RetryPolicy(5, Duration.ofMillis(100), multiplier, Duration.ofDays(1), jitter);
		RetryPolicy exact = new RetryPolicy(5, Duration.ofMillis(100), multiplier, Duration.ofDays(1), 0);
		double middle = exact.delayAfter(attempts, new Random(seed)).toNanos();
		assertThat((double) policy.delayAfter(attempts, new Random(seed)).toNanos())
			.isBetween(middle * (1 - jitter) - 2, middle * (1 + jitter) + 2);
	}

	@Test
	void refusesImpossibleValuesAndSaysWhatToWrite() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, Duration.ZERO, 1, Duration.ZERO, 0))
			.withMessageContaining("max-attempts is 0; write 1");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetryPolicy(1, Duration.ofSeconds(2), 1, Duration.ofSeconds(1), 0))
			.withMessageContaining("max-delay is shorter");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetryPolicy(1, Duration.ZERO, Double.NaN, Duration.ZERO, 0))
			.withMessageContaining("multiplier");
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO, 1.5))
			.withMessageContaining("jitter");
	}

}
