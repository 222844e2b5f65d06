use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::*;
use proptest::prelude::*;
use sha2::Sha256;

/// The tree that Certificate Transparency implementations test themselves with, and its published roots.
const ENTRIES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hex32(text: &str) -> Hash {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn published() -> (MemoryTiles, Vec<Hash>) {
    let hashes: Vec<_> = ENTRIES.iter().map(|entry| leaf_hash(&hex::decode(entry).unwrap())).collect();
    let mut tiles = MemoryTiles::new();
    hashes.iter().for_each(|hash| tiles.push(*hash).unwrap());
    (tiles, hashes)
}

fn numbered(size: u64) -> MemoryTiles {
    let mut tiles = MemoryTiles::new();
    (0..size).for_each(|n| tiles.push(leaf_hash(&n.to_be_bytes())).unwrap());
    tiles
}

#[test]
fn the_roots_are_those_published_for_the_eight_leaf_tree() {
    let (tiles, hashes) = published();
    assert_eq!(hex::encode(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(root(&tiles, 0).unwrap(), empty_root());
    assert_eq!(Frontier::new().root(), empty_root());
    let mut frontier = Frontier::new();
    for (size, expected) in (1usize..).zip(ROOTS) {
        frontier.push(hashes[size - 1]).unwrap();
        assert_eq!(hex::encode(merkle_root(&hashes[..size])), expected);
        assert_eq!(hex::encode(frontier.root()), expected);
        assert_eq!(hex::encode(root(&tiles, size as u64).unwrap()), expected);
    }
}

#[test]
fn the_proofs_are_those_published_for_the_eight_leaf_tree() {
    let (tiles, _) = published();
    let inclusion = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(inclusion_proof(&tiles, 0, 8).unwrap(), inclusion.map(hex32));
    let consistency = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(consistency_proof(&tiles, 6, 8).unwrap(), consistency.map(hex32));
}

#[test]
fn every_proof_of_a_small_tree_holds_and_no_other_leaf_or_size_passes_with_it() {
    let (tiles, hashes) = published();
    for size in 1..=8u64 {
        let head = root(&tiles, size).unwrap();
        for index in 0..size {
            let leaf = &hashes[usize::try_from(index).unwrap()];
            let proof = inclusion_proof(&tiles, index, size).unwrap();
            assert_eq!(proof, path_in(&hashes[..usize::try_from(size).unwrap()], usize::try_from(index).unwrap()));
            verify_inclusion(leaf, index, size, &proof, &head).unwrap();
            assert!(verify_inclusion(&[9; 32], index, size, &proof, &head).is_err());
            assert!(verify_inclusion(leaf, size, size, &proof, &head).is_err());
            assert!(verify_inclusion(leaf, index, size, &[proof.clone(), vec![[0; 32]]].concat(), &head).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify_inclusion(leaf, index, size, shorter, &head).is_err());
            }
        }
        for old in 1..=size {
            let proof = consistency_proof(&tiles, old, size).unwrap();
            verify_consistency(old, size, &proof, &root(&tiles, old).unwrap(), &head).unwrap();
        }
        assert!(inclusion_proof(&tiles, size, size).is_err());
        assert!(consistency_proof(&tiles, 0, size).is_err());
        assert!(consistency_proof(&tiles, size + 1, size).is_err());
    }
}

#[test]
fn the_largest_trees_are_verified_without_overflow() {
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        for index in [0, 1, size / 2, size - 2, size - 1] {
            for length in [0, 1, 63, 64, 65, 200] {
                assert!(verify_inclusion(&[1; 32], index, size, &vec![[2; 32]; length], &[3; 32]).is_err());
                assert!(verify_consistency(index, size, &vec![[2; 32]; length], &[1; 32], &[3; 32]).is_err());
            }
        }
    }
}

/// Every tile a tree has shown at any checkpoint, partial ones under their width, as a log publishes them.
#[test]
fn a_frontier_hands_out_the_tiles_of_the_layout_and_resumes_at_any_size() {
    let mut frontier = Frontier::new();
    let reference = numbered(66_000);
    let mut full = 0;
    for n in 0..66_000u64 {
        for tile in frontier.push(leaf_hash(&n.to_be_bytes())).unwrap() {
            assert_eq!(tile.width(), 256);
            assert_eq!(tile_width(tile.level, tile.index, n + 1), 256);
            assert_eq!(reference.tile(tile.level, tile.index, 256).unwrap(), tile.hashes);
            full += 1;
        }
        if [0, 1, 255, 256, 257, 511, 65_534, 65_535, 65_536, 65_999].contains(&n) {
            for tile in frontier.partial_tiles() {
                assert_eq!(tile.width(), tile_width(tile.level, tile.index, n + 1), "{} at {n}", tile.path());
            }
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()).unwrap(), frontier);
            let resumed = Frontier::resume(&reference, n + 1).unwrap();
            assert_eq!((resumed.root(), resumed.size()), (frontier.root(), n + 1));
            assert_eq!(resumed.partial_tiles(), frontier.partial_tiles());
            assert_eq!(root(&reference, n + 1).unwrap(), frontier.root());
        }
    }
    assert_eq!(full, 257 + 1);
}

#[test]
fn a_stored_frontier_of_another_version_or_length_is_refused() {
    let mut frontier = Frontier::new();
    (0..300u16).for_each(|n| drop(frontier.push(leaf_hash(&n.to_be_bytes()))));
    let bytes = frontier.to_bytes();
    assert!(Frontier::from_bytes(&bytes).is_ok());
    assert!(Frontier::from_bytes(&bytes[1..]).is_err());
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 32]).is_err());
    assert!(Frontier::from_bytes(&[&bytes[..], &[0; 32]].concat()).is_err());
    assert!(Frontier::from_bytes(&[&[2], &bytes[1..]].concat()).is_err());
    assert!(Frontier::from_bytes(&[]).is_err());
}

#[test]
fn a_reader_that_gives_too_little_is_refused_not_trusted() {
    struct Short;
    impl TileReader for Short {
        fn tile(&self, _: u8, _: u64, _: u16) -> kernel::Result<Vec<Hash>> {
            Ok(vec![[0; 32]])
        }
    }
    assert!(root(&Short, 300).is_err());
    assert!(inclusion_proof(&Short, 7, 300).is_err());
    assert!(consistency_proof(&Short, 7, 300).is_err());
    assert!(Frontier::resume(&Short, 300).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// 24 trees with 25 inclusion and 25 consistency proofs each: 1,200 proofs both ways.
    #[test]
    fn ct_merkle_makes_the_same_proofs_and_accepts_ours(size in 1u64..700, picks in proptest::collection::vec(any::<(u64, u64)>(), 25)) {
        let mut theirs = MemoryBackedTree::<Sha256, [u8; 8]>::new();
        (0..size).for_each(|n| theirs.push(n.to_be_bytes()));
        let ours = numbered(size);
        let head = ours.root();
        prop_assert_eq!(theirs.root().as_bytes().to_vec(), head.to_vec());
        for (a, b) in picks {
            let index = a % size;
            let proof = inclusion_proof(&ours, index, size).unwrap();
            prop_assert_eq!(theirs.prove_inclusion(usize::try_from(index).unwrap()).as_bytes().to_vec(), proof.concat());
            let handed = ct_merkle::InclusionProof::<Sha256>::try_from_bytes(proof.concat()).unwrap();
            prop_assert!(theirs.root().verify_inclusion(&index.to_be_bytes(), index, &handed).is_ok());
            verify_inclusion(&leaf_hash(&index.to_be_bytes()), index, size, &proof, &head).unwrap();

            let old = 1 + b % size;
            let proof = consistency_proof(&ours, old, size).unwrap();
            prop_assert_eq!(theirs.prove_consistency(usize::try_from(size - old).unwrap()).as_bytes().to_vec(), proof.concat());
            let old_root = root(&ours, old).unwrap();
            let handed = ct_merkle::ConsistencyProof::<Sha256>::try_from_bytes(proof.concat()).unwrap();
            let old_head = ct_merkle::RootHash::<Sha256>::new(old_root.into(), old);
            prop_assert!(theirs.root().verify_consistency(&old_head, &handed).is_ok());
            verify_consistency(old, size, &proof, &old_root, &head).unwrap();
        }
    }

    #[test]
    fn a_changed_hash_in_a_proof_is_found(size in 2u64..700, at: u64, which: usize, bit in 0usize..256) {
        let tiles = numbered(size);
        let index = at % size;
        let mut proof = inclusion_proof(&tiles, index, size).unwrap();
        let place = which % proof.len();
        proof[place][bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_inclusion(&leaf_hash(&index.to_be_bytes()), index, size, &proof, &tiles.root()).is_err());

        let old = 1 + at % (size - 1);
        let (first, head) = (root(&tiles, old).unwrap(), tiles.root());
        let mut proof = consistency_proof(&tiles, old, size).unwrap();
        let place = which % proof.len();
        proof[place][bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_consistency(old, size, &proof, &first, &head).is_err());
    }

    #[test]
    fn any_bytes_are_a_frontier_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        if let Ok(frontier) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(frontier.to_bytes(), bytes);
        }
    }
}
