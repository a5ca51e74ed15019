using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

/// <summary>A row of pixels, resized. Positions are in the comments.</summary>
public class ResamplingTests
{
    /// <summary>Coordinates, output size, expected mix of the pixels 0, 10, 20, 30.</summary>
    public static TheoryData<string, int, double[]> LinearRows => new()
    {
        // -0.25 (clamped), 0.25, 0.75, 1.25, ...
        { nameof(Generator.Model.ResizeCoordinates.HalfPixel), 8, [0, 2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 30] },
        // 0.5, 2.5
        { nameof(Generator.Model.ResizeCoordinates.HalfPixel), 2, [5, 25] },
        // 1.5, where PyTorch takes the first pixel.
        { nameof(Generator.Model.ResizeCoordinates.HalfPixel), 1, [15] },
        { nameof(Generator.Model.ResizeCoordinates.PytorchHalfPixel), 1, [0] },
        { nameof(Generator.Model.ResizeCoordinates.PytorchHalfPixel), 2, [5, 25] },
        // 0, 0.5, 1, ...
        { nameof(Generator.Model.ResizeCoordinates.AlignCorners), 7, [0, 5, 10, 15, 20, 25, 30] },
        { nameof(Generator.Model.ResizeCoordinates.AlignCorners), 1, [0] },
        // 0, 0.5, ..., 3, 3.5 (clamped)
        { nameof(Generator.Model.ResizeCoordinates.Asymmetric), 8, [0, 5, 10, 15, 20, 25, 30, 30] },
    };

    [Theory]
    [MemberData(nameof(LinearRows))]
    public void Linear(string coordinates, int size, double[] expected)
    {
        ReferenceTensor x = Expect.Tensor([1, 1, 4], 0, 10, 20, 30);
        Expect.Close(SingleLayer.Run(new Resize([1, 1, size], [], Generator.Model.ResizeMode.Linear, Enum.Parse<Generator.Model.ResizeCoordinates>(coordinates)), x), [1, 1, size], expected);
    }

    /// <summary>Rounding, expected pixels of 0, 1, 2, 3 at the positions 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5.</summary>
    public static TheoryData<string, double[]> NearestRows => new()
    {
        { nameof(Generator.Model.NearestRounding.RoundPreferFloor), [0, 0, 1, 1, 2, 2, 3, 3] },
        { nameof(Generator.Model.NearestRounding.RoundPreferCeil), [0, 1, 1, 2, 2, 3, 3, 3] },
        { nameof(Generator.Model.NearestRounding.Floor), [0, 0, 1, 1, 2, 2, 3, 3] },
        { nameof(Generator.Model.NearestRounding.Ceil), [0, 1, 1, 2, 2, 3, 3, 3] },
    };

    [Theory]
    [MemberData(nameof(NearestRows))]
    public void Nearest(string rounding, double[] expected)
    {
        Resize layer = new([1, 1, 8], [], Generator.Model.ResizeMode.Nearest, Generator.Model.ResizeCoordinates.Asymmetric, Enum.Parse<Generator.Model.NearestRounding>(rounding));
        Expect.Close(SingleLayer.Run(layer, Expect.Tensor([1, 1, 4], 0, 1, 2, 3)), [1, 1, 8], expected);
    }

    [Fact]
    public void Halves_are_rounded_as_asked()
    {
        // Half-pixel positions 0.5 and 2.5.
        ReferenceTensor x = Expect.Tensor([4], 0, 1, 2, 3);
        Expect.Close(Resampling.Nearest(x, [2], [0.5], Resampling.HalfPixel, Resampling.RoundPreferFloor), [2], [0, 2]);
        Expect.Close(Resampling.Nearest(x, [2], [0.5], Resampling.HalfPixel, Resampling.RoundPreferCeil), [2], [1, 3]);
    }

    [Fact]
    public void Scale_that_is_not_the_ratio_of_the_sizes_positions_the_pixels()
    {
        // Scale 0.6 of 4 pixels gives 2; positions are 0 and 1 / 0.6.
        Resize layer = new([], [1, 1, 0.6f], Generator.Model.ResizeMode.Linear, Generator.Model.ResizeCoordinates.Asymmetric);
        Expect.Close(SingleLayer.Run(layer, Expect.Tensor([1, 1, 4], 0, 10, 20, 30)), [1, 1, 2], [0, 10 / (double)0.6f]);
    }

    [Fact]
    public void Rounded_scale_of_a_third_is_the_exact_ratio()
    {
        Resize layer = new([1, 1, 1], [1, 1, 1 / 3f], Generator.Model.ResizeMode.Linear);
        Expect.Close(SingleLayer.Run(layer, Expect.Tensor([1, 1, 3], 0, 10, 30)), [1, 1, 1], [10], 0);
    }

    [Fact]
    public void Image_is_interpolated_in_both_directions()
    {
        ReferenceTensor y = Resampling.Linear(Expect.Tensor([1, 1, 2, 2], 0, 2, 4, 6), [1, 1, 3, 3], [1, 1, 1.5, 1.5], Resampling.AlignCorners);
        Expect.Close(y, [1, 1, 3, 3], [0, 1, 2, 2, 3, 4, 4, 5, 6]);
    }

    [Fact]
    public void Channels_that_keep_their_size_do_not_mix()
    {
        ReferenceTensor x = Expect.Tensor([1, 2, 1], 1, double.NaN);
        Expect.Close(Resampling.Linear(x, [1, 2, 2], [1, 1, 2], Resampling.HalfPixel), [1, 2, 2], [1, 1, double.NaN, double.NaN]);
    }
}
