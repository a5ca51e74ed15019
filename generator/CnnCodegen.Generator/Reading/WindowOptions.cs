using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading;

/// <summary>An option that is one number for all spatial dimensions, or an array with one entry for each.</summary>
internal sealed record SpatialOption(string ArrayName, int Scalar, int[]? Array)
{
    // The largest window, stride or padding; sums and products of a few of them stay small.
    private const int Limit = 1 << 20;

    public static SpatialOption Read(AttributeArguments options, string scalarName, string arrayName, int otherwise, int min)
    {
        int[]? array = options.Ints(arrayName, min);
        if (array is not null && options.Has(scalarName))
            throw new ModelException($"{scalarName} and {arrayName} are both given; keep one of them");
        return new SpatialOption(arrayName, options.Int(scalarName, otherwise, min, Limit), array);
    }

    public int[] For(int rank)
    {
        if (Array is null) return Enumerable.Repeat(Scalar, rank).ToArray();
        return Array.Length == rank ? Array
            : throw new ModelException($"{ArrayName} has {Array.Length} entries; it needs {rank}, one for each spatial dimension");
    }
}

/// <summary>The options of a window, before the number of spatial dimensions is known.</summary>
internal sealed class WindowOptions
{
    private readonly SpatialOption _kernel, _stride, _dilation, _padding;
    private readonly int[]? _pads;
    private readonly AutoPad _autoPad;

    private WindowOptions(AttributeArguments options, bool pooling)
    {
        if (options.Has("kernel") && options.Has("Kernel")) throw new ModelException("the kernel is given twice; keep one of them");
        string kernel = options.Has("kernel") ? "kernel" : "Kernel";
        _kernel = SpatialOption.Read(options, kernel, "KernelShape", 0, min: 1);
        if (!options.Has(kernel) && _kernel.Array is null) throw new ModelException("the kernel is missing; give Kernel or KernelShape");
        _stride = SpatialOption.Read(options, "Stride", "Strides", pooling ? 0 : 1, min: pooling ? 0 : 1);
        _dilation = SpatialOption.Read(options, "Dilation", "Dilations", 1, min: 1);
        _padding = SpatialOption.Read(options, "Padding", "Pads", 0, min: 0);
        _pads = _padding.Array;
        _autoPad = options.Enum<AutoPad>("AutoPad");
        if (_autoPad != AutoPad.Explicit && (options.Has("Padding") || _pads is not null))
            throw new ModelException($"AutoPad is {_autoPad} and there is a padding in numbers; keep one of them");
    }

    /// <summary>A window whose stride is 1 by default.</summary>
    /// <exception cref="ModelException">An option is wrong or missing.</exception>
    public static WindowOptions Read(AttributeArguments options) => new(options, pooling: false);

    /// <summary>A window whose stride is its size by default.</summary>
    /// <exception cref="ModelException">An option is wrong or missing.</exception>
    public static WindowOptions ReadPooling(AttributeArguments options) => new(options, pooling: true);

    /// <summary>The window over the spatial dimensions of <paramref name="x"/>.</summary>
    /// <exception cref="ModelException">There are none, or an array has another number of entries.</exception>
    public Window For(TensorShape x, bool ceilMode = false)
    {
        int rank = SpatialRank(x);
        int[] kernel = _kernel.For(rank);
        int[] strides = _stride.For(rank).Select((stride, i) => stride == 0 ? kernel[i] : stride).ToArray();
        (int[] begin, int[] end) = Padding(rank);
        return new Window(new(kernel), new(strides), new(_dilation.For(rank)), new(begin), new(end), _autoPad, ceilMode);
    }

    /// <exception cref="ModelException">There are no spatial dimensions.</exception>
    public static int SpatialRank(TensorShape x) => x.Rank >= 3 ? x.Rank - 2
        : throw new ModelException("it needs batch, channels and at least one spatial dimension");

    private (int[] Begin, int[] End) Padding(int rank)
    {
        if (_pads is null) return (_padding.For(rank), _padding.For(rank));
        return _pads.Length == 2 * rank ? (_pads.Take(rank).ToArray(), _pads.Skip(rank).ToArray())
            : throw new ModelException($"Pads has {_pads.Length} entries; it needs {2 * rank}, first the {rank} beginnings of the spatial dimensions, then their {rank} ends");
    }
}
