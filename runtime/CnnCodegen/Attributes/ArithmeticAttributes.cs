namespace CnnCodegen;

/// <summary>
/// Base of the element-wise functions of two values, which broadcast as in NumPy. Two names are both operands, one name is
/// the second operand beside the layer before it, and no name stands for a <see cref="Scalar"/> as the second operand.
/// <code>
/// [Add("sum", "conv2", "stem")]
/// [Add("sum", "stem")]
/// [Mul("scaled", Scalar = 0.5f)]
/// </code>
/// </summary>
public abstract class ArithmeticAttribute : LayerAttribute
{
    private protected ArithmeticAttribute(string name, string[] from)
        : base(name) => Operands = from;

    /// <summary>The names of the operands.</summary>
    public string[] Operands { get; }

    /// <summary>A constant as the second operand; only without operand names.</summary>
    public float Scalar { get; set; }
}

/// <summary>a + b; more than two names are summed.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The operands.</param>
public sealed class AddAttribute(string name, params string[] from) : ArithmeticAttribute(name, from);

/// <summary>a - b.</summary>
/// <inheritdoc cref="AddAttribute" path="/param"/>
public sealed class SubAttribute(string name, params string[] from) : ArithmeticAttribute(name, from);

/// <summary>a * b; more than two names are multiplied.</summary>
/// <inheritdoc cref="AddAttribute" path="/param"/>
public sealed class MulAttribute(string name, params string[] from) : ArithmeticAttribute(name, from);

/// <summary>a / b. A scalar is applied as the factor 1 / b.</summary>
/// <inheritdoc cref="AddAttribute" path="/param"/>
public sealed class DivAttribute(string name, params string[] from) : ArithmeticAttribute(name, from);

/// <summary>The smaller of a and b; more than two names are allowed.</summary>
/// <inheritdoc cref="AddAttribute" path="/param"/>
public sealed class MinAttribute(string name, params string[] from) : ArithmeticAttribute(name, from);

/// <summary>The larger of a and b; more than two names are allowed.</summary>
/// <inheritdoc cref="AddAttribute" path="/param"/>
public sealed class MaxAttribute(string name, params string[] from) : ArithmeticAttribute(name, from);

/// <summary>a to the power b.</summary>
/// <inheritdoc cref="AddAttribute" path="/param"/>
public sealed class PowAttribute(string name, params string[] from) : ArithmeticAttribute(name, from);
