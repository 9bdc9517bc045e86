package dev.events.spring.test;

import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Gives each test method an empty bus of its own.
 */
final class TestEventBusTestExecutionListener implements TestExecutionListener, Ordered {

	private static final String TURNS = TestEventBusTestExecutionListener.class.getName() + ".turns";

	// before a transaction of the test begins
	private static final int BEFORE_TRANSACTIONS = 3500;

	@Override
	public int getOrder() {
		return BEFORE_TRANSACTIONS;
	}

	@Override
	public void beforeTestMethod(TestContext test) throws InterruptedException {
		if (!test.hasApplicationContext()) {
			return;
		}
		TestEventBusTurns turns = test.getApplicationContext()
			.getBeanProvider(TestEventBusTurns.class)
			.getIfAvailable();
		if (turns != null) {
			turns.begin();
			test.setAttribute(TURNS, turns);
		}
	}

	@Override
	public void afterTestMethod(TestContext test) {
		if (test.removeAttribute(TURNS) instanceof TestEventBusTurns turns) {
			turns.end();
		}
	}

}
