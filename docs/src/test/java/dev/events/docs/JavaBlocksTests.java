package dev.events.docs;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is wrong in a block is found, at its line.
 */
class JavaBlocksTests {

	private final JavaBlocks blocks = new JavaBlocks();

	@Test
	void membersAndStatementsAreCompiled() {
		assertThat(check("""
				```java
				@EventType("user.registered")
				public record UserRegistered(@EventKey UUID userId) {}
				```
				```java
				@EventSubscriber(id = "mail")
				void welcome(UserRegistered event) { … }
				```
				```java
				events.publish(new UserRegistered(UUID.randomUUID()));
				```
				""")).isEmpty();
	}

	@Test
	void whatIsUnknownIsReportedAtItsLine() {
		assertThat(check("""
				# Title

				```java
				events.publish("a");
				events.publich("a");
				```
				""")).singleElement().satisfies((problem) -> {
			assertThat(problem.line()).isEqualTo(5);
			assertThat(problem.message()).contains("cannot find symbol", "publich");
			assertThat(problem).hasToString("page.md:5: " + problem.message());
		});
	}

	@Test
	void linesAreRightBehindImportsAndOtherMembers() {
		assertThat(check("""
				```java
				import java.util.concurrent.Future;

				record First(int number) {}

				// not right:
				Future<String> future() {
					return 1;
				}
				record Second(Unknown thing) {}
				```
				""")).extracting(Problem::line).containsExactlyInAnyOrder(8L, 10L);
	}

	@Test
	void whatIsNoJavaIsReportedAtItsLine() {
		assertThat(check("""
				```java
				void first() {}

				void second( {}
				```
				```java
				events.publish("a");
				events.publish("b")
				```
				""")).extracting(Problem::line).contains(4L, 8L);
	}

	@Test
	void anUnknownAttributeOfAnAnnotationIsFound() {
		assertThat(check("""
				```java
				@EventSubscriber(id = "a", retries = 3)
				void on(Event<?> event) { … }
				```
				""")).singleElement().extracting(Problem::message).asString().contains("retries");
	}

	@Test
	void whatIsHiddenCanBeUsedAlsoBefore() {
		assertThat(check("""
				```java
				this.orders.add("a");
				```
				<!-- java
				import java.util.concurrent.BlockingQueue;
				BlockingQueue<String> orders;
				-->
				""")).isEmpty();
		assertThat(check("""
				```java
				this.orders.add("a");
				```
				""")).isNotEmpty();
	}

	@Test
	void whatIsHiddenIsCheckedToo() {
		assertThat(check("""
				<!-- java
				Unknown orders;
				-->
				""")).singleElement().extracting(Problem::line).isEqualTo(2L);
	}

	@Test
	void blocksMayDeclareTheSameAgain() {
		assertThat(check("""
				```java
				@EventType("a") record A(int one) {}
				void register() { events.publish(new A(1)); }
				```
				```java
				@EventType(value = "a", version = "2.0.0") record A(String one) {}
				void register() { events.publish(new A("1")); }
				```
				```java
				int number = 1;
				List<Event<Object>> found = events.history("a", number);
				```
				```java
				String number = "1";
				```
				""")).isEmpty();
	}

	@Test
	void threeDotsStandForWhatIsLeftOut() {
		assertThat(check("""
				```java
				try (Subscription live = events.subscribe("**", (event) -> …)) { … }
				events.publish("next");
				```
				```java
				int answer() { … }
				```
				""")).isEmpty();
	}

	@Test
	void statementsMayThrow() {
		assertThat(check("""
				```java
				events.replay().subscriber("a").start().await(Duration.ofMinutes(5));
				```
				""")).isEmpty();
	}

	@Test
	void whatIsUncheckedIsAProblem() {
		assertThat(check("""
				```java
				List<String> list = (List<String>) new Object();
				list.add("a");
				```
				""")).singleElement().extracting(Problem::line).isEqualTo(2L);
	}

	private List<Problem> check(String text) {
		return this.blocks.check(Page.of("page.md", text.lines().toList()));
	}

}
