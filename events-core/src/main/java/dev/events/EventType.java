package dev.events;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a record or class its logical event type. Only this name is stored, never the
 * class name, so the class may be renamed or moved at any time.
 *
 * <pre class="code">
 * &#064;EventType("user.registered")
 * public record UserRegistered(&#064;EventKey UUID userId, String email) {}
 * </pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {

	/**
	 * The logical name, for example {@code user.registered} or
	 * {@code task_manager:task_created}; see {@link EventPattern} for what a name may
	 * look like.
	 */
	String value();

	/**
	 * Version of the data's shape, as {@code major.minor.patch}.
	 */
	String version() default Event.DEFAULT_VERSION;

}
