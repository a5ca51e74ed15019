using System.Runtime.CompilerServices;

namespace CnnCodegen.Compression;

/// <summary>Checks of arguments that several methods share.</summary>
internal static class Require
{
    /// <summary>Checks that an array holds as many finite numbers as its shape has places.</summary>
    /// <param name="values">The array.</param>
    /// <param name="count">Product of the shape.</param>
    /// <param name="shape">The shape in words, for the message.</param>
    /// <param name="name">Name of the argument.</param>
    /// <exception cref="ArgumentException">The length differs, or a value is infinite or no number.</exception>
    public static void Tensor(float[] values, long count, string shape, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.LongLength != count) throw new ArgumentException($"holds {values.Length} values, {shape} need {count}", name);
        Finite(values, name);
    }

    /// <summary>Checks that there is no infinity and no NaN among the values.</summary>
    /// <exception cref="ArgumentException">There is one; the message says where.</exception>
    public static void Finite(float[] values, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        int index = Array.FindIndex(values, v => !float.IsFinite(v));
        if (index >= 0) throw new ArgumentException($"value {index} is {values[index]}, which cannot be compared or fitted", name);
    }

    /// <summary>Checks a share.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to 1.</exception>
    public static void Share(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, value, "must be from 0 to 1");
    }
}
