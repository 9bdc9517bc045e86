package dev.events;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what of an event's data is stored encrypted: on a class all of it, on a record
 * component, field or getter its value. Subscribers and queries get it decrypted; the
 * log, parked and scheduled events and the dead letter queue hold cipher text only.
 *
 * <pre class="code">
 * &#064;EventType("user.registered")
 * public record UserRegistered(&#064;EventKey &#064;DataSubject UUID userId, &#064;Encrypted String email) {}
 * </pre> Values inside nested objects, lists and maps may be marked, too. Where declared
 * types do not lead to them, as in {@code Event.of("users.imported", List.of(user))}, all
 * of the data is encrypted. Data that was made a map or JSON before it is published says
 * nothing of a class: use the properties {@code events.encryption.types}. So it is with
 * what a serializer named by {@code @JsonSerialize} writes of other objects.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD })
public @interface Encrypted {

}
