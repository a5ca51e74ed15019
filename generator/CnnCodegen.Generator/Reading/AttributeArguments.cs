using CnnCodegen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>
/// The arguments of one attribute by the name of the constructor's parameter (<c>outChannels</c>) or of the property (<c>Groups</c>).
/// Every getter accepts whatever a user can write, and throws <see cref="ModelException"/> for what is not a possible value.
/// </summary>
internal sealed class AttributeArguments
{
    private readonly Dictionary<string, TypedConstant> _values = new(StringComparer.Ordinal);

    /// <summary>Null where the compiler has rejected the attribute, and says so itself.</summary>
    public static AttributeArguments? Of(AttributeData attribute)
    {
        if (attribute.AttributeConstructor is not { } constructor) return null;
        AttributeArguments result = new();
        for (int i = 0; i < Math.Min(constructor.Parameters.Length, attribute.ConstructorArguments.Length); i++)
            result._values[constructor.Parameters[i].Name] = attribute.ConstructorArguments[i];
        foreach (KeyValuePair<string, TypedConstant> named in attribute.NamedArguments) result._values[named.Key] = named.Value;
        return result._values.Values.Any(IsError) ? null : result;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public bool Bool(string name, bool otherwise) => Scalar(name) is bool value ? value : otherwise;

    public string? String(string name) => Scalar(name) as string;

    /// <exception cref="ModelException">The value is below <paramref name="min"/> or above <paramref name="max"/>.</exception>
    public int Int(string name, int otherwise = 0, int min = int.MinValue, int max = int.MaxValue) =>
        Scalar(name) is int value ? Check(name, value, min, max) : otherwise;

    /// <summary>A finite number.</summary>
    /// <exception cref="ModelException">It is NaN or infinite.</exception>
    public float Float(string name, float otherwise = 0)
    {
        float value = Bound(name, otherwise);
        return float.IsInfinity(value) ? throw new ModelException($"{name} is infinite; give a finite number") : value;
    }

    public double Double(string name, double otherwise = 0) => Scalar(name) is double value ? value : otherwise;

    /// <summary>A number that may be infinite.</summary>
    /// <exception cref="ModelException">It is NaN.</exception>
    public float Bound(string name, float otherwise = 0)
    {
        float value = Scalar(name) is float given ? given : otherwise;
        return float.IsNaN(value) ? throw new ModelException($"{name} is NaN; give a number") : value;
    }

    /// <exception cref="ModelException">The number is no member of the enum.</exception>
    public T Enum<T>(string name) where T : struct, Enum
    {
        if (Scalar(name) is not int value) return default;
        return System.Enum.IsDefined(typeof(T), value)
            ? (T)System.Enum.ToObject(typeof(T), value)
            : throw new ModelException($"{name} is {value}; it must be {string.Join(", ", System.Enum.GetNames(typeof(T)))}");
    }

    /// <summary>Null where the array is absent or null.</summary>
    /// <exception cref="ModelException">An entry is below <paramref name="min"/>.</exception>
    public int[]? Ints(string name, int min = int.MinValue) =>
        Array(name)?.Select(item => Check(name, item.Value is int value ? value : 0, min, int.MaxValue)).ToArray();

    /// <summary>Null where the array is absent or null.</summary>
    public float[]? Floats(string name) => Array(name)?.Select(item => item.Value is float value ? value : 0).ToArray();

    /// <summary>Empty where the array is absent or null; a null entry becomes an empty string.</summary>
    public string[] Strings(string name) => Array(name)?.Select(item => item.Value as string ?? "").ToArray() ?? [];

    private static int Check(string name, int value, int min, int max) =>
        value < min ? throw new ModelException($"{name} is {value}; it must be at least {min}")
        : value > max ? throw new ModelException($"{name} is {value}; it must be at most {max}")
        : value;

    private static bool IsError(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error || (constant.Kind == TypedConstantKind.Array && !constant.IsNull && constant.Values.Any(IsError));

    private object? Scalar(string name) =>
        _values.TryGetValue(name, out TypedConstant constant) && constant.Kind is TypedConstantKind.Primitive or TypedConstantKind.Enum ? constant.Value : null;

    private IEnumerable<TypedConstant>? Array(string name) =>
        _values.TryGetValue(name, out TypedConstant constant) && constant.Kind == TypedConstantKind.Array && !constant.IsNull ? constant.Values : null;
}
