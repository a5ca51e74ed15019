using System.Globalization;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>The dimensions of a tensor, batch first: N, C, then the spatial ones.</summary>
internal readonly record struct TensorShape(EquatableArray<int> Dims)
{
    /// <summary>The largest tensor the compiler accepts, in elements: its byte offsets fit an <see cref="int"/>.</summary>
    public const long MaxElements = int.MaxValue / 8;

    /// <summary>The same limit where channels come in whole vectors and a border of zeros surrounds each plane.</summary>
    public const long MaxBlockedElements = 2 * MaxElements;

    /// <summary>Channels of the widest vector that an instruction set has.</summary>
    private const int MaxLanes = 16;

    public int Rank => Dims.Count;

    public int this[int axis] => Dims[axis];

    public long Elements
    {
        get
        {
            long product = 1;
            foreach (int dim in Dims) product = dim == 0 ? 0 : checked(product * dim);
            return product;
        }
    }

    /// <summary>Elements where the channels of an image come in whole vectors: the most that any layout takes.</summary>
    public long BlockedElements => Rank is 3 or 4
        ? With(1, checked((Dims[1] + MaxLanes - 1) / MaxLanes * MaxLanes)).Elements
        : Elements;

    /// <summary>The dimensions behind N and C.</summary>
    public int[] Spatial => Dims.ToArray().Skip(2).ToArray();

    public static TensorShape Of(params int[] dims) => new(new EquatableArray<int>(dims));

    public TensorShape With(int axis, int value) => new(Dims.With(axis, value));

    /// <summary>Row-major strides in elements.</summary>
    public int[] Strides()
    {
        int[] strides = new int[Rank];
        int stride = 1;
        for (int i = Rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Dims[i];
        }

        return strides;
    }

    /// <summary>Resolves a negative axis and checks its range.</summary>
    /// <exception cref="ModelException">The axis is outside the rank.</exception>
    public int Axis(int axis)
    {
        int resolved = axis < 0 ? axis + Rank : axis;
        if (resolved < 0 || resolved >= Rank)
            throw new ModelException($"axis {axis} is outside a tensor of rank {Rank} ({this})");
        return resolved;
    }

    /// <summary>The NumPy broadcast of two shapes.</summary>
    /// <exception cref="ModelException">The shapes do not broadcast.</exception>
    public static TensorShape Broadcast(TensorShape a, TensorShape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int x = i <= a.Rank ? a[a.Rank - i] : 1;
            int y = i <= b.Rank ? b[b.Rank - i] : 1;
            if (x != y && x != 1 && y != 1)
                throw new ModelException($"the shapes {a} and {b} do not broadcast: {x} against {y}; make the dimensions equal, or one of them 1");
            dims[rank - i] = x == 1 ? y : x;
        }

        return Of(dims);
    }

    /// <summary>Element strides of this tensor seen as <paramref name="target"/>: 0 where it is broadcast.</summary>
    public int[] BroadcastStrides(TensorShape target)
    {
        int[] own = Strides();
        int[] strides = new int[target.Rank];
        for (int i = 1; i <= Rank; i++)
            strides[target.Rank - i] = this[Rank - i] == 1 ? 0 : own[Rank - i];
        return strides;
    }

    /// <summary>For example <c>1x64x56x56</c>; <c>scalar</c> for rank 0.</summary>
    public override string ToString() =>
        Rank == 0 ? "scalar" : string.Join("x", Dims.Select(d => d.ToString(CultureInfo.InvariantCulture)));
}
