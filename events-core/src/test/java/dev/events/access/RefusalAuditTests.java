package dev.events.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much is told about refusals.
 */
class RefusalAuditTests {

	private final List<Event<?>> published = new ArrayList<>();

	private long now = Long.MAX_VALUE - 5;

	private final RefusalAudit audit = new RefusalAudit(this.published::add, () -> this.now);

	private boolean refuse(String type) {
		return this.audit.refused("publish", Event.of(type, 1), null, "no");
	}

	private Map<?, ?> last() {
		return (Map<?, ?>) this.published.get(this.published.size() - 1).data();
	}

	@Test
	void aStormOfKindsIsToldInAFewEvents() {
		int told = 0;
		for (int i = 0; i < 5000; i++) {
			told += refuse("type" + i) ? 1 : 0;
		}
		assertThat(told).isEqualTo(RefusalAudit.MAX_AUDITS);
		assertThat(refuse("type0")).isFalse();
		this.now += TimeUnit.MINUTES.toNanos(1);
		assertThat(refuse("type0")).isTrue();
		assertThat(refuse("another")).isTrue();
		this.audit.close();
		assertThat(this.published).hasSize(RefusalAudit.MAX_AUDITS + 2);
		Map<?, ?> first = (Map<?, ?>) this.published.get(RefusalAudit.MAX_AUDITS).data();
		assertThat(first.get("count")).isEqualTo(2L);
		assertThat(first.get("others")).isEqualTo(5000L - RefusalAudit.MAX_AUDITS);
		assertThat(last().containsKey("others")).isFalse();
	}

}
