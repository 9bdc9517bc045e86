package dev.events.test.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * What became of the contract's tests with some store. Not for several threads at once.
 *
 * @param succeeded tests that passed
 * @param failed tests that did not, be it that they were skipped
 */
record ContractRun(List<String> succeeded, List<String> failed) {

	private static Supplier<StoreFixture> fixtures = () -> {
		throw new IllegalStateException();
	};

	/**
	 * Runs the contract.
	 * @param contracts names of nested classes, all if there are none
	 */
	static ContractRun of(Supplier<StoreFixture> fixtures, String... contracts) {
		ContractRun.fixtures = fixtures;
		ContractRun run = new ContractRun(new ArrayList<>(), new ArrayList<>());
		LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
		if (contracts.length == 0) {
			request.selectors(DiscoverySelectors.selectClass(Subject.class));
		}
		Stream.of(contracts)
			.map((contract) -> EventStoreContract.class.getName() + "$" + contract)
			.forEach((nested) -> request
				.selectors(DiscoverySelectors.selectNestedClass(List.of(Subject.class.getName()), nested)));
		LauncherFactory.create().execute(request.build(), run.new Listener());
		return run;
	}

	/**
	 * The contract with the store of the present run.
	 */
	static final class Subject extends EventStoreContract {

		@Override
		protected StoreFixture fixture() {
			return fixtures.get();
		}

	}

	private final class Listener implements TestExecutionListener {

		@Override
		public void executionSkipped(TestIdentifier test, String reason) {
			ContractRun.this.failed.add(test.getUniqueId() + ": skipped, " + reason);
		}

		@Override
		public void executionFinished(TestIdentifier test, TestExecutionResult result) {
			if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
				ContractRun.this.failed.add(test.getUniqueId() + ": " + result);
			}
			else if (test.isTest()) {
				ContractRun.this.succeeded.add(test.getUniqueId());
			}
		}

	}

}
