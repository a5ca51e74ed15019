namespace CnnCodegen;

/// <summary>How a convolution or linear layer is computed. One that does not suit the layer is an error at its attribute.</summary>
public enum ConvAlgorithm
{
    /// <summary>The fastest, by estimate or by measurement.</summary>
    Auto,

    /// <summary>Register tiles that slide over the image.</summary>
    Direct,

    /// <summary>One filter for each channel.</summary>
    Depthwise,

    /// <summary>Vectors of pixels, for groups of any number of channels.</summary>
    Grouped,

    /// <summary>Register tiles over halves of channels and pixels, of which Strassen's algorithm (1969) multiplies seven pairs in place of eight.</summary>
    Strassen,

    /// <summary>Winograd's minimal filtering with tiles of 2 x 2 outputs (Lavin and Gray 2016).</summary>
    Winograd2x2,

    /// <summary>The same with tiles of 3 x 3 outputs.</summary>
    Winograd3x3,

    /// <summary>The same with tiles of 4 x 4 outputs.</summary>
    Winograd4x4,

    /// <summary>The same with tiles of 6 x 6 outputs.</summary>
    Winograd6x6,

    /// <summary>Products in the Fourier domain (Mathieu, Henaff and LeCun 2013).</summary>
    Fft,

    /// <summary>Products with the weights that are not zero; for layers that a <see cref="SparseAttribute"/> says to have few of them.</summary>
    Sparse,

    /// <summary>The same as straight-line code; for layers whose <see cref="SparseAttribute.Unroll"/> is set.</summary>
    Unrolled,

    /// <summary>Channel blocks and a list of the taps that are left; for layers whose <see cref="SparseAttribute.Shared"/> is set.</summary>
    Shapewise,

    /// <summary>Differing bits counted, for activations and weights of one bit.</summary>
    Popcount,

    /// <summary>Counts added up for many pixels at once, one plane of bits for each digit; for activations, weights and results of one or a few bits.</summary>
    Sliced,

    /// <summary>Differing bits of four channels looked up at once, for activations, weights and results of one bit.</summary>
    Nibbles,

    /// <summary>Sums of a few pixels with every pattern of signs, made once for all filters; for floats and weights of one bit, which take one bit in memory.</summary>
    SignSums,

    /// <summary>Integers, for weights and activations of at most 8 bits.</summary>
    Int8,

    /// <summary>The same by Winograd's minimal filtering with tiles of 2 x 2 outputs, which integers compute without an error.</summary>
    Int8Winograd2x2,

    /// <summary>The same with tiles of 3 x 3 outputs.</summary>
    Int8Winograd3x3,

    /// <summary>The same with tiles of 4 x 4 outputs.</summary>
    Int8Winograd4x4,

    /// <summary>1x1 layers of such integers by seven products of halves in place of eight.</summary>
    Int8Strassen,

    /// <summary>Plain loops.</summary>
    Reference,
}
