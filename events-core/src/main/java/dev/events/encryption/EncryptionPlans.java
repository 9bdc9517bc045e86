package dev.events.encryption;

import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.events.DataSubject;
import dev.events.Encrypted;
import dev.events.InvalidEventException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Knows what is to be encrypted of which event: what rules say of its type and
 * annotations say of its class. Thread-safe.
 */
final class EncryptionPlans {

	private static final Logger logger = LoggerFactory.getLogger(EncryptionPlans.class);

	// types come from publishers, so the memory for them is bounded
	private static final int MAX_CACHED_TYPES = 10_000;

	private static final EncryptionPlan WHOLE = new EncryptionPlan(true, Set.of(), Set.of());

	private final List<EncryptionRule> rules;

	private final JsonMapper mapper;

	private final Map<String, EncryptionPlan> byType = new ConcurrentHashMap<>();

	private final ClassValue<EncryptionPlan> byClass = new ClassValue<>() {

		@Override
		protected EncryptionPlan computeValue(Class<?> dataType) {
			return ofClass(dataType);
		}

	};

	EncryptionPlans(List<EncryptionRule> rules, JsonMapper mapper) {
		this.rules = rules;
		this.mapper = mapper;
	}

	/**
	 * What is to be encrypted.
	 * @param dataType class of the data, if it is known
	 * @throws InvalidEventException when the annotations of the class cannot be carried
	 * out
	 */
	EncryptionPlan of(String type, @Nullable Class<?> dataType) {
		EncryptionPlan plan = this.rules.isEmpty() ? EncryptionPlan.NONE : ofType(type);
		EncryptionPlan annotated = (dataType != null) ? this.byClass.get(dataType) : EncryptionPlan.NONE;
		if (annotated.isEmpty()) {
			return plan;
		}
		return plan.isEmpty() ? annotated : plan.and(annotated);
	}

	/**
	 * What is to be encrypted of data that was written: all of it when something
	 * annotated stands where declared types do not lead, for the places of other data, or
	 * of this when it is edited, cannot be known from it.
	 */
	EncryptionPlan of(String type, DataShape shape) {
		EncryptionPlan plan = of(type, shape.type());
		if (!shape.encrypted().stream().allMatch(plan::encrypts)) {
			plan = plan.and(WHOLE);
		}
		for (String subject : shape.subjects()) {
			plan = plan.withSubject(subject);
		}
		return plan;
	}

	private EncryptionPlan ofType(String type) {
		EncryptionPlan plan = this.byType.get(type);
		if (plan == null) {
			plan = this.rules.stream()
				.filter((rule) -> rule.type().matches(type))
				.map(EncryptionPlan::of)
				.reduce(EncryptionPlan.NONE, EncryptionPlan::and);
			if (this.byType.size() >= MAX_CACHED_TYPES) {
				this.byType.clear();
			}
			this.byType.put(type, plan);
		}
		return plan;
	}

	private EncryptionPlan ofClass(Class<?> dataType) {
		EncryptionPlan fields;
		try {
			AnnotatedFields visitor = new AnnotatedFields();
			this.mapper.acceptJsonFormatVisitor(dataType, visitor);
			fields = visitor.plan(dataType);
		}
		catch (InvalidEventException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			// most classes have nothing to do with encryption, and must not suffer from
			// it
			if (isAnnotated(dataType)) {
				throw new InvalidEventException("It cannot be found out what of " + dataType.getName()
						+ " is to be encrypted, for Jackson does not say how it writes it; write @Encrypted on the "
						+ "class, or name the fields in events.encryption.types", ex);
			}
			logger.debug("Jackson does not say how it writes {}", dataType, ex);
			fields = EncryptionPlan.NONE;
		}
		return isWhole(dataType) ? fields.and(WHOLE) : fields;
	}

	/** Whether all of an object of a class is to be encrypted. */
	static boolean isWhole(@Nullable Class<?> dataType) {
		return dataType != null && (dataType.isAnnotationPresent(Encrypted.class) || isWhole(dataType.getSuperclass())
				|| Stream.of(dataType.getInterfaces()).anyMatch(EncryptionPlans::isWhole));
	}

	/** Whether a class has annotated members. */
	static boolean isAnnotated(Class<?> dataType) {
		for (Class<?> type = dataType; type != null; type = type.getSuperclass()) {
			Stream<AnnotatedElement> members = Stream.concat(Stream.of(type.getDeclaredFields()),
					Stream.of(type.getDeclaredMethods()));
			if (members.anyMatch((member) -> member.isAnnotationPresent(Encrypted.class)
					|| member.isAnnotationPresent(DataSubject.class))) {
				return true;
			}
		}
		return false;
	}

}
