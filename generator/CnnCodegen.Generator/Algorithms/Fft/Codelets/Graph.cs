namespace CnnCodegen.Generator.Algorithms.Fft.Codelets;

/// <summary>What a node of a <see cref="Graph"/> computes.</summary>
internal enum Operation
{
    /// <summary>A number from memory.</summary>
    Load,
    Add,
    Subtract,

    /// <summary>The left operand times a positive constant.</summary>
    Scale,
}

/// <summary>A number that is computed once, however often it is used.</summary>
/// <param name="Id">Its place in the order of creation; operands come before their users.</param>
/// <param name="Operation">How it is made.</param>
/// <param name="Left">The first operand; null for a load.</param>
/// <param name="Right">The second operand of a sum or difference.</param>
/// <param name="Constant">The factor of a scaling.</param>
/// <param name="Slot">What a load reads.</param>
internal sealed record Node(int Id, Operation Operation, Node? Left, Node? Right, float Constant, int Slot)
{
    public bool Equals(Node? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Id;
}

/// <summary>Plus or minus a node, or zero where there is none: signs and zeros cost no instruction.</summary>
internal readonly record struct Term(Node? Node, bool Negative)
{
    public static Term Zero => default;

    public bool IsZero => Node is null;

    public static Term operator -(Term a) => a.IsZero ? a : a with { Negative = !a.Negative };
}

/// <summary>A complex number.</summary>
internal readonly record struct Complex(Term Re, Term Im)
{
    public Complex Conjugate => new(Re, -Im);

    /// <summary>Real and imaginary part exchanged; transforming between two exchanges turns a transform into its inverse.</summary>
    public Complex Swapped => new(Im, Re);
}

/// <summary>
/// Sums, differences and constant multiples of numbers from memory. Equal expressions become one node, and what is known to be zero
/// vanishes, so the symmetries of real data and the zeros of padding remove work by themselves (as in Frigo, A Fast Fourier Transform
/// Compiler, 1999).
/// </summary>
internal sealed class Graph
{
    private readonly Dictionary<(Operation, int, int, float), Node> _nodes = [];

    public Term Load(int slot) => new(Make(Operation.Load, null, null, 0, slot), false);

    public Complex Add(Complex a, Complex b) => new(Add(a.Re, b.Re), Add(a.Im, b.Im));

    public Complex Subtract(Complex a, Complex b) => new(Add(a.Re, -b.Re), Add(a.Im, -b.Im));

    public Complex Scale(double factor, Complex a) => new(Scale(factor, a.Re), Scale(factor, a.Im));

    /// <summary>a times e^(-2 pi i k / n).</summary>
    public Complex Rotate(Complex a, int k, int n)
    {
        (double cos, double sin) = Root(k, n);
        return new(Add(Scale(cos, a.Re), Scale(sin, a.Im)), Add(Scale(cos, a.Im), Scale(-sin, a.Re)));
    }

    public Term Add(Term a, Term b)
    {
        if (a.IsZero) return b;
        if (b.IsZero) return a;
        if (a.Node == b.Node) return a.Negative == b.Negative ? Scale(2, a) : Term.Zero;
        (Node x, Node y) = (a.Node!, b.Node!);

        // c x + c y takes one multiplication as c (x + y): a rotation by 45 degrees.
        if (x.Operation == Operation.Scale && y.Operation == Operation.Scale && x.Constant.Equals(y.Constant))
            return Scale(x.Constant, Add(new Term(x.Left, a.Negative), new Term(y.Left, b.Negative)));

        if (a.Negative == b.Negative)
        {
            (Node first, Node second) = x.Id < y.Id ? (x, y) : (y, x);
            return new Term(Make(Operation.Add, first, second), a.Negative);
        }

        // A difference has a multiple on its right, where a multiply-add takes it with a negative factor.
        bool swap = IsScale(x) == IsScale(y) ? y.Id < x.Id : IsScale(x);
        return swap ? new Term(Make(Operation.Subtract, y, x), b.Negative) : new Term(Make(Operation.Subtract, x, y), a.Negative);
    }

    public Term Scale(double factor, Term a)
    {
        if (a.IsZero || factor == 0) return Term.Zero;
        if (factor < 0) return -Scale(-factor, a);
        if ((float)factor == 1) return a;
        return IsScale(a.Node!)
            ? Scale(factor * a.Node!.Constant, a with { Node = a.Node.Left })
            : a with { Node = Make(Operation.Scale, a.Node, null, (float)factor) };
    }

    /// <summary>Cosine and sine of 2 pi k / n, with angles of one octant only, so that equal numbers have equal bits.</summary>
    public static (double Cos, double Sin) Root(int k, int n)
    {
        long eighths = 8L * (((k % n) + n) % n);
        int octant = (int)(eighths / n);
        long rest = eighths - ((long)octant * n);
        double angle = Math.PI / 4 * (octant % 2 == 0 ? rest : n - rest) / n;
        double cos = rest == 0 && octant % 2 == 1 ? Math.Sqrt(0.5) : Math.Cos(angle), sin = rest == 0 && octant % 2 == 1 ? Math.Sqrt(0.5) : Math.Sin(angle);
        return octant switch
        {
            0 => (cos, sin),
            1 => (sin, cos),
            2 => (-sin, cos),
            3 => (-cos, sin),
            4 => (-cos, -sin),
            5 => (-sin, -cos),
            6 => (sin, -cos),
            _ => (cos, -sin),
        };
    }

    private static bool IsScale(Node node) => node.Operation == Operation.Scale;

    private Node Make(Operation operation, Node? left, Node? right, float constant = 0, int slot = -1)
    {
        (Operation, int, int, float) key = (operation, left?.Id ?? slot, right?.Id ?? -1, constant);
        if (!_nodes.TryGetValue(key, out Node? node))
        {
            node = new Node(_nodes.Count, operation, left, right, constant, slot);
            _nodes.Add(key, node);
        }

        return node;
    }
}
